package malt.model.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/**
 * How a server takes adapters in PEFT's format while it runs. vLLM's way was tried on 0.16;
 * SGLang's and Ollama's are as their documentation has them, of August 2026.
 */
interface LoraApi {
  /** What is asked in turn; of the last, {@link #ask} asks for something else. */
  List<LoraApi> ALL = List.of(new ByPath(true), new ByPath(false), new OllamaAdapters());

  /** The files of an adapter. */
  List<String> FILES = List.of("adapter_config.json", "adapter_model.safetensors");

  /**
   * Who is asked.
   *
   * @param model what the server calls the base
   */
  record Base(ApiConnection connection, String model) {}

  /** Asks for what tells whether the server has it. */
  Reply ask(Base base) throws InterruptedException;

  /** Whether a server that answers so has it. */
  boolean isThere(Reply reply);

  /**
   * @param name of the adapter there
   * @param directory as the server must see it too
   */
  Reply load(Base base, String name, Path directory) throws InterruptedException;

  /**
   * @param model as {@link #model} has it
   */
  Reply unload(Base base, String model) throws InterruptedException;

  /** What requests call the base under an adapter. */
  String model(Base base, String name);

  /** What must be so for loading to succeed. */
  String needs();

  /** The server reads the adapter from its own disk. */
  record ByPath(boolean vllm) implements LoraApi {
    private String address(Base base, String path) {
      return (vllm ? base.connection().url() : base.connection().root()) + path;
    }

    @Override
    public Reply ask(Base base) throws InterruptedException {
      return base.connection()
          .call("POST", address(base, "/load_lora_adapter"), Reply.JSON.createObjectNode());
    }

    /** Without a name the request is refused; where there is no such thing, it is not found. */
    @Override
    public boolean isThere(Reply reply) {
      return reply instanceof Reply.Refusal refusal
          && (refusal.failure().status() == 400 || refusal.failure().status() == 422);
    }

    @Override
    public Reply load(Base base, String name, Path directory) throws InterruptedException {
      ObjectNode body = Reply.JSON.createObjectNode();
      body.put("lora_name", name).put("lora_path", directory.toString());
      return base.connection().call("POST", address(base, "/load_lora_adapter"), body);
    }

    @Override
    public Reply unload(Base base, String model) throws InterruptedException {
      String name = vllm ? model : model.substring(base.model().length() + 1);
      ObjectNode body = Reply.JSON.createObjectNode().put("lora_name", name);
      return base.connection().call("POST", address(base, "/unload_lora_adapter"), body);
    }

    @Override
    public String model(Base base, String name) {
      return vllm ? name : base.model() + ":" + name;
    }

    @Override
    public String needs() {
      return "the server needs --enable-lora and a --max-lora-rank of no less than lora.rank, and"
          + " must see the run's directory under the same path";
    }
  }
}
