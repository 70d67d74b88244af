package malt.bench.campaign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model of one layer in a GGUF file (ggml's docs/gguf.md), with tokenizer and chat template. */
final class GgufSample {
  private static final int WIDTH = 32; // of its states, a block
  private static final int ALIGNMENT = 32;
  private static final int NORMAL = 1; // types of tokens
  private static final int CONTROL = 3;
  private static final List<String> TOKENS =
      List.of("a", "b", "ab", "1", "2", "+", "\u0120", "?", "<|end|>");

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  /** Values of metadata by their number in the format. */
  private enum Kind {
    WORD(4),
    INTEGER(5),
    FRACTION(6),
    TEXT(8),
    LIST(9);

    private final int id;

    Kind(int id) {
      this.id = id;
    }
  }

  /** Types of tensors by their number in the format. */
  private enum Type {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q8_0(8, 32, 34),
    BF16(30, 1, 2);

    private final int id;
    private final int numbers;
    private final int size; // bytes of so many numbers

    Type(int id, int numbers, int size) {
      this.id = id;
      this.numbers = numbers;
      this.size = size;
    }
  }

  private record Tensor(Type type, int rows, int columns) {
    int bytes() {
      return rows * columns / type.numbers * type.size;
    }
  }

  private GgufSample() {}

  /** Writes it; its weights are zeroes in types of every size. */
  static void write(Path file) throws IOException {
    GgufSample sample = new GgufSample();
    sample.write(metadata(), tensors());
    byte[] whole = new byte[sample.bytes.position()];
    sample.bytes.flip().get(whole);
    Files.write(file, whole);
  }

  private static Map<String, Object> metadata() {
    List<Integer> types = new ArrayList<>();
    TOKENS.forEach(token -> types.add(token.length() > 2 ? CONTROL : NORMAL));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", "llama");
    metadata.put("llama.embedding_length", WIDTH);
    metadata.put("llama.feed_forward_length", WIDTH);
    metadata.put("llama.block_count", 1);
    metadata.put("llama.attention.head_count", 2);
    metadata.put("llama.attention.head_count_kv", 1);
    metadata.put("llama.context_length", 64);
    metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    metadata.put("llama.rope.freq_base", 10_000f);
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", "smollm");
    metadata.put("tokenizer.ggml.tokens", TOKENS);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", List.of("a b"));
    metadata.put("tokenizer.ggml.eos_token_id", TOKENS.size() - 1);
    metadata.put("tokenizer.chat_template", "{{ messages[0].content }}<|end|>");
    return metadata;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("token_embd.weight", new Tensor(Type.F16, TOKENS.size(), WIDTH));
    tensors.put("output_norm.weight", new Tensor(Type.F32, 1, WIDTH));
    tensors.put("blk.0.attn_norm.weight", new Tensor(Type.F32, 1, WIDTH));
    tensors.put("blk.0.ffn_norm.weight", new Tensor(Type.F32, 1, WIDTH));
    tensors.put("blk.0.attn_q.weight", new Tensor(Type.Q8_0, WIDTH, WIDTH));
    tensors.put("blk.0.attn_k.weight", new Tensor(Type.Q4_0, WIDTH / 2, WIDTH));
    tensors.put("blk.0.attn_v.weight", new Tensor(Type.BF16, WIDTH / 2, WIDTH));
    for (String name : List.of("attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
      tensors.put("blk.0.%s.weight".formatted(name), new Tensor(Type.Q4_0, WIDTH, WIDTH));
    }
    return tensors;
  }

  private void write(Map<String, Object> metadata, Map<String, Tensor> tensors) {
    bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
    bytes.putLong(tensors.size()).putLong(metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(key);
          bytes.putInt(kind(value).id);
          value(value);
        });
    int offset = 0;
    for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
      Tensor tensor = each.getValue();
      text(each.getKey());
      boolean row = tensor.rows == 1;
      bytes.putInt(row ? 1 : 2).putLong(tensor.columns);
      if (!row) {
        bytes.putLong(tensor.rows);
      }
      bytes.putInt(tensor.type.id).putLong(offset);
      offset += aligned(tensor.bytes());
    }
    bytes.position(aligned(bytes.position()) + offset);
  }

  private static int aligned(int size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static Kind kind(Object value) {
    if (value instanceof String) {
      return Kind.TEXT;
    }
    if (value instanceof List) {
      return Kind.LIST;
    }
    return value instanceof Float ? Kind.FRACTION : Kind.WORD;
  }

  private void value(Object value) {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Float number) {
      bytes.putFloat(number);
    } else if (value instanceof Integer number) {
      bytes.putInt(number);
    } else {
      List<?> values = (List<?>) value;
      bytes.putInt(values.get(0) instanceof String ? Kind.TEXT.id : Kind.INTEGER.id);
      bytes.putLong(values.size());
      values.forEach(this::value);
    }
  }

  private void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.putLong(encoded.length).put(encoded);
  }
}
