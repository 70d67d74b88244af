package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;

/** OpenAI's API over a scripted model, in the dialects that matter. */
public record ScriptedApi(Dialect dialect, ScriptedModel model) implements FakeServer.Answers {
  /** Which keys the server knows. */
  public enum Dialect {
    /** OpenAI's own: refuses keys it does not know. */
    OPENAI,
    /** Takes n and returns ids when asked. */
    VLLM,
    /** Returns ids beside log-probabilities, none of the prompt; of n completions counts one. */
    LLAMA_CPP,
    /** Passes over n, falls over log-probabilities. */
    LLAMA_CPP_PYTHON,
    /** Passes over whatever it does not know, n and log-probabilities too. */
    OLLAMA,
    /** malt serve: takes a seed per sample. */
    MALT
  }

  /** Answers with what it was seeded with; a prompt that holds "broken" leaves it no room. */
  static ScriptedApi of(Dialect dialect) {
    return new ScriptedApi(
        dialect, new ScriptedModel((prompt, seed) -> "it is " + Math.floorMod(seed, 7)));
  }

  @Override
  public FakeServer.Response to(FakeServer.Request request) {
    if (request.path().endsWith("/models")) {
      return FakeServer.says(200, models());
    }
    JsonNode body = request.body();
    if (body.toString().contains("broken")) {
      return refusal(
          "This model's maximum context length is 64 tokens. However, you requested 99 tokens.");
    }
    boolean known = dialect == Dialect.VLLM || dialect == Dialect.MALT;
    if ((body.has("return_token_ids") || body.has("top_k")) && dialect == Dialect.OPENAI) {
      return refusal("Unrecognized request argument supplied");
    }
    if (body.path("logprobs").asBoolean() && dialect == Dialect.LLAMA_CPP_PYTHON) {
      return FakeServer.says(
          500,
          """
          {"error": {"message": "logprobs is not supported for models created with logits_all=False",
            "type": "internal_server_error", "param": null, "code": null}}""");
    }
    if (body.has("top_logprobs") && dialect == Dialect.MALT) {
      return refusal("top_logprobs: alternatives are not returned");
    }
    ObjectNode answer = Reply.JSON.createObjectNode();
    answer.put("object", "chat.completion").put("model", body.path("model").asText());
    ArrayNode choices = answer.putArray("choices");
    int tokens = 0;
    for (Completion completion : completions(body)) {
      tokens =
          dialect == Dialect.LLAMA_CPP ? completion.ids().length : tokens + completion.ids().length;
      ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
      choice.putObject("message").put("role", "assistant").put("content", completion.text());
      choice.put("finish_reason", completion.finish() == FinishReason.STOP ? "stop" : "length");
      if (body.path("logprobs").asBoolean() && dialect != Dialect.OLLAMA) {
        logProbs(choice.putObject("logprobs").putArray("content"), completion);
      }
      if (known && body.path("return_token_ids").asBoolean()) {
        ints(choice.putArray("token_ids"), completion.ids());
        ints(answer.putArray("prompt_token_ids"), completion.promptIds());
      }
    }
    answer.putObject("usage").put("completion_tokens", tokens);
    return FakeServer.says(200, answer.toString());
  }

  private static FakeServer.Response refusal(String message) {
    ObjectNode error = Reply.JSON.createObjectNode();
    error.putObject("error").put("message", message).put("type", "invalid_request_error");
    return FakeServer.says(400, error.toString());
  }

  private String models() {
    String extra = dialect == Dialect.MALT ? ", \"malt\": {\"base\": \"b\", \"seeds\": true}" : "";
    return "{\"object\": \"list\", \"data\": [{\"id\": \"base\"%s}, {\"id\": \"tuned\"}]}"
        .formatted(extra);
  }

  private List<Completion> completions(JsonNode body) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      messages.add(
          Message.of(
              Message.Role.valueOf(message.path("role").asText().toUpperCase(Locale.ROOT)),
              message.path("content").asText()));
    }
    List<Long> seeds = new ArrayList<>();
    if (dialect == Dialect.MALT && body.has("seeds")) {
      body.path("seeds").forEach(seed -> seeds.add(seed.asLong()));
    } else {
      int many =
          Set.of(Dialect.OLLAMA, Dialect.LLAMA_CPP_PYTHON).contains(dialect)
              ? 1
              : body.path("n").asInt(1);
      for (int i = 0; i < many; i++) {
        seeds.add(body.path("seed").asLong() + i);
      }
    }
    SamplingParams params =
        new SamplingParams(
            body.path("temperature").asDouble(),
            body.path("top_p").asDouble(),
            body.path("max_tokens").asInt());
    return model
        .sample(List.of(new SamplingRequest(new Prompt(messages), AdapterRef.BASE, params, seeds)))
        .get(0);
  }

  private void logProbs(ArrayNode content, Completion completion) {
    for (int i = 0; i < completion.ids().length; i++) {
      ObjectNode token = content.addObject().put("logprob", completion.logProbs()[i]);
      token.put("token", String.valueOf((char) completion.ids()[i]));
      if (dialect == Dialect.LLAMA_CPP) {
        token.put("id", completion.ids()[i]);
      }
    }
  }

  private static void ints(ArrayNode array, int[] values) {
    for (int value : values) {
      array.add(value);
    }
  }
}
