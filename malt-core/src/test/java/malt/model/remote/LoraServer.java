package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import malt.model.remote.ScriptedApi.Dialect;

/** A server that takes adapters while it runs, by one of three ways. */
final class LoraServer implements FakeServer.Answers {
  /** Whose way. */
  enum Way {
    /** Answers as recorded from vLLM 0.16. */
    VLLM("/v1/load_lora_adapter", "/v1/unload_lora_adapter"),
    /** As its documentation has it. */
    SGLANG("/load_lora_adapter", "/unload_lora_adapter"),
    /** Likewise. */
    OLLAMA("/api/create", "/api/delete");

    private final String load;
    private final String unload;

    Way(String load, String unload) {
      this.load = load;
      this.unload = unload;
    }
  }

  private final Way way;
  private final ScriptedApi api = ScriptedApi.of(Dialect.VLLM);
  private final Map<String, String> loaded = new HashMap<>();

  LoraServer(Way way) {
    this.way = way;
  }

  /** Paths of the adapters that are loaded, by name; Ollama has the digests of their files. */
  synchronized Map<String, String> loaded() {
    return Map.copyOf(loaded);
  }

  /** As if it had been started again. */
  synchronized void forget() {
    loaded.clear();
  }

  @Override
  public synchronized FakeServer.Response to(FakeServer.Request request) {
    JsonNode body = request.body();
    String name = body.path(way == Way.OLLAMA ? "model" : "lora_name").asText();
    if (request.path().equals(way.load)) {
      return load(body, name);
    }
    if (request.path().equals(way.unload)) {
      return loaded.remove(name) != null
          ? FakeServer.says(200, "Success: LoRA adapter '%s' removed successfully.".formatted(name))
          : notFound("The lora adapter '%s' cannot be found.".formatted(name));
    }
    if (request.path().equals("/api/version") && way == Way.OLLAMA) {
      return FakeServer.says(200, "{\"version\": \"0.12.6\"}");
    }
    if (request.path().startsWith("/api/blobs/sha256:") && way == Way.OLLAMA) {
      return FakeServer.says(201, "");
    }
    if (request.path().endsWith("/completions") || request.path().endsWith("/models")) {
      String model = body.path("model").asText("base");
      String adapter = way == Way.SGLANG ? model.replaceFirst("^base:", "") : model;
      return adapter.equals("base") || loaded.containsKey(adapter)
          ? api.to(request)
          : notFound("The model `%s` does not exist.".formatted(model));
    }
    return FakeServer.says(404, "{\"detail\":\"Not Found\"}");
  }

  private FakeServer.Response load(JsonNode body, String name) {
    if (name.isEmpty()) {
      return refused("2 validation errors: Field required");
    }
    if (loaded.containsKey(name) && way != Way.OLLAMA) {
      return refused("The lora adapter '%s' has already been loaded.".formatted(name));
    }
    String place =
        way == Way.OLLAMA ? body.path("adapters").toString() : body.path("lora_path").asText();
    if (place.contains("rank64")) {
      return refused("Call to add_lora method failed: LoRA rank 64 is greater than max_lora_rank");
    }
    loaded.put(name, place);
    return FakeServer.says(200, "Success: LoRA adapter '%s' added successfully.".formatted(name));
  }

  private static FakeServer.Response refused(String message) {
    return error(400, message);
  }

  private static FakeServer.Response notFound(String message) {
    return error(404, message);
  }

  private static FakeServer.Response error(int status, String message) {
    return FakeServer.says(
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"x\",\"param\":null,\"code\":%d}}"
            .formatted(message, status));
  }
}
