package malt.torch.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import malt.WeightsException;

/** The shape that a GGUF file states, in the words of config.json. */
final class GgufConfig {
  /** Architectures of llama.cpp that are supported, and transformers' names of them. */
  private static final Map<String, String> ARCHITECTURES =
      new TreeMap<>(
          Map.of(
              "llama", "LlamaForCausalLM",
              "qwen2", "Qwen2ForCausalLM",
              "qwen3", "Qwen3ForCausalLM",
              "gemma3", "Gemma3ForCausalLM"));

  static final String EMBEDDING = "token_embd.weight";
  static final String HEAD = "output.weight";

  /** What the rope of Llama 3.1 divides each frequency by, (D/2). */
  static final String ROPE_FACTORS = "rope_freqs.weight";

  private static final int LLAMA_3_POSITIONS = 8192; // of its pre-training
  private static final int GEMMA_27B_LAYERS = 62;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final ObjectNode json = new ObjectMapper().createObjectNode();

  GgufConfig(GgufFile file) {
    this.file = file;
    this.metadata = new GgufMetadata(file);
  }

  /**
   * @throws WeightsException if the architecture is not supported, or a number is not stated
   */
  ObjectNode json() {
    String name = ARCHITECTURES.get(metadata.architecture());
    if (name == null) {
      throw new WeightsException(
          "%s: architecture %s is not supported in GGUF files; supported: %s"
              .formatted(
                  file.path(), metadata.architecture(), String.join(", ", ARCHITECTURES.keySet())));
    }
    boolean gemma = metadata.architecture().equals("gemma3");
    json.put("model_type", gemma ? "gemma3_text" : metadata.architecture()); // by transformers
    json.putArray("architectures").add(name);
    number("hidden_size", "embedding_length");
    number("intermediate_size", "feed_forward_length");
    number("num_hidden_layers", "block_count");
    number("num_attention_heads", "attention.head_count");
    number("num_key_value_heads", "attention.head_count_kv");
    number("max_position_embeddings", "context_length");
    fraction("rms_norm_eps", "attention.layer_norm_rms_epsilon");
    metadata
        .find(metadata.own("rope.freq_base"), Double.class)
        .ifPresent(base -> json.put("rope_theta", base));
    metadata
        .find(metadata.own("attention.key_length"), Long.class)
        .ifPresent(size -> json.put("head_dim", size));
    json.put("vocab_size", tensor(EMBEDDING).shape()[0]);
    json.put("tie_word_embeddings", !file.tensors().containsKey(HEAD));
    scaling();
    if (gemma) {
      gemma();
    }
    token("bos_token_id", "tokenizer.ggml.bos_token_id");
    token("eos_token_id", "tokenizer.ggml.eos_token_id");
    return json;
  }

  private void number(String name, String key) {
    json.put(name, metadata.required(metadata.own(key), Long.class));
  }

  private void fraction(String name, String key) {
    json.put(name, metadata.required(metadata.own(key), Double.class));
  }

  private void token(String name, String key) {
    metadata.find(key, Long.class).ifPresent(id -> json.put(name, id));
  }

  private GgufFile.Tensor tensor(String name) {
    GgufFile.Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new WeightsException("%s has no tensor %s".formatted(file.path(), name));
    }
    return tensor;
  }

  private void scaling() {
    String type = metadata.find(metadata.own("rope.scaling.type"), String.class).orElse("none");
    if (!type.equals("none")) {
      ObjectNode rope = json.putObject("rope_scaling").put("rope_type", type);
      metadata
          .find(metadata.own("rope.scaling.factor"), Double.class)
          .ifPresent(factor -> rope.put("factor", factor));
    }
    if (file.tensors().containsKey(ROPE_FACTORS)) {
      llama3();
    }
  }

  /**
   * Llama 3.1 and its successors: the file holds what each frequency is divided by instead of the
   * rule, whose numbers are all the same but for the factor, the largest divisor.
   */
  private void llama3() {
    float[] divisors = numbers(ROPE_FACTORS);
    double factor = divisors[divisors.length - 1];
    double base = json.path("rope_theta").asDouble();
    for (int i = 0; i < divisors.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(base, (double) i / divisors.length);
      double turns = LLAMA_3_POSITIONS / wavelength;
      double smooth = Math.min(1, Math.max(0, (turns - 1) / 3));
      double expected = 1 / ((1 - smooth) / factor + smooth);
      if (!(Math.abs(divisors[i] - expected) <= 1e-3 * expected)) {
        throw new WeightsException(
            "%s: tensor %s divides frequency %d by %s, where Llama 3.1's rule says %s; other scalings of the rope are not supported"
                .formatted(file.path(), ROPE_FACTORS, i, divisors[i], expected));
      }
    }
    json.putObject("rope_scaling")
        .put("rope_type", "llama3")
        .put("factor", factor)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", LLAMA_3_POSITIONS);
  }

  private float[] numbers(String name) {
    GgufFile.Tensor tensor = tensor(name);
    if (tensor.type() != GgufType.F32 || tensor.shape().length != 1) {
      throw new WeightsException("%s: tensor %s is no row of F32".formatted(file.path(), name));
    }
    float[] numbers = new float[(int) tensor.shape()[0]];
    ByteBuffer bytes = GgufModel.bytes(file.path(), tensor.begin(), tensor.end());
    tensor.type().widen(bytes.order(ByteOrder.LITTLE_ENDIAN), numbers, numbers.length);
    return numbers;
  }

  /** What llama.cpp knows of Gemma 3 without being told. */
  private void gemma() {
    number("sliding_window", "attention.sliding_window");
    long layers = json.path("num_hidden_layers").asLong();
    long heads = json.path("num_attention_heads").asLong();
    long scalar =
        layers == GEMMA_27B_LAYERS
            ? json.path("hidden_size").asLong() / Math.max(1, heads)
            : metadata.required(metadata.own("attention.key_length"), Long.class);
    json.put("query_pre_attn_scalar", scalar);
    metadata
        .find(metadata.own("rope.freq_base_swa"), Double.class)
        .ifPresent(base -> json.put("rope_local_base_freq", base));
    metadata
        .find(metadata.own("attention.sliding_window_pattern"), Long.class)
        .ifPresent(every -> json.put("sliding_window_pattern", every));
    json.put("hidden_activation", "gelu_pytorch_tanh");
  }
}
