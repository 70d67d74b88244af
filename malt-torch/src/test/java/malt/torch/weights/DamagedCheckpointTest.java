package malt.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import malt.WeightsException;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a checkpoint's files is said in one sentence that names the file. */
class DamagedCheckpointTest {
  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "vocab_size": 50, "hidden_size": 16,
       "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4,
       "num_key_value_heads": 2, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
       "max_position_embeddings": 128, "tie_word_embeddings": false}
      """;

  @TempDir private Path folder;
  private long before;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    before = TensorScope.liveObjects();
    file = folder.resolve("model.safetensors");
    try (CausalLm model = TinyModels.random(1)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      model.weights().names().forEach(name -> tensors.put(name, model.weights().tensor(name)));
      SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
    Files.writeString(folder.resolve("config.json"), CONFIG);
  }

  @AfterEach
  void nothing_leaks() {
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> CausalLm.load(folder).close())
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(folder.toString())
        .message()
        .contains(words)
        .doesNotContain("\n");
  }

  /** The header with other words in it, of whatever length, before the same data. */
  private void rewrite(String from, String to) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    assertThat(header).contains(from);
    byte[] changed = header.replace(from, to).getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + changed.length + bytes.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(changed.length).put(changed).put(bytes, 8 + length, bytes.length - 8 - length);
    Files.write(file, out.array());
  }

  @Test
  void a_sound_one_is_read_back_bit_for_bit() {
    try (CausalLm model = TinyModels.random(1);
        Weights read = Weights.read(file, ScalarType.Float)) {
      assertThat(read.metadata()).containsEntry("format", "pt");
      assertThat(read.names()).isEqualTo(model.weights().names());
      for (String name : read.names()) {
        assertThat(Tensors.floats(read.tensor(name)))
            .isEqualTo(Tensors.floats(model.weights().tensor(name)));
      }
    }
    CausalLm.load(folder).close();
  }

  @Test
  void a_truncated_file() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    refused("bytes of data");
    Files.write(file, Arrays.copyOf(bytes, 100));
    refused("header of");
    Files.write(file, Arrays.copyOf(bytes, 5));
    refused("too few");
  }

  @Test
  void a_header_of_absurd_size() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    Files.write(file, bytes);
    refused("header of 9223372036854775807 bytes");
  }

  @Test
  void overlapping_tensors_and_impossible_shapes() throws IOException {
    rewrite("\"shape\":[50,16],\"data_offsets\":[", "\"shape\":[50,16],\"data_offsets\":[4,4,");
    refused("shape or data_offsets");
    write();
    rewrite("\"shape\":[50,16]", "\"shape\":[4611686018427387904,16]");
    refused("shape");
    write();
    rewrite("\"shape\":[50,16]", "\"shape\":[16,50]");
    refused("[16, 50]", "[50, 16]");
  }

  @Test
  void missing_and_extra_tensors() throws IOException {
    rewrite("model.norm.weight", "model.norm.height");
    refused("model.norm.weight");
    write();
    Files.writeString(
        folder.resolve("config.json"),
        CONFIG.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
    refused("lm_head.weight");
  }

  @Test
  void an_unknown_type_architecture_or_feature_is_named() throws IOException {
    rewrite("\"dtype\":\"F32\"", "\"dtype\":\"F8_E4M3\"");
    refused("F8_E4M3", "supported");
    Files.writeString(folder.resolve("config.json"), CONFIG.replace("Llama", "Gemma"));
    refused("GemmaForCausalLM", "supported");
    Files.writeString(
        folder.resolve("config.json"), CONFIG.replace("{", "{\"rope_scaling\": {\"type\": 1}, "));
    refused("rope_scaling");
  }

  @Test
  void twenty_thousand_mutated_files_are_read_or_refused() throws IOException {
    byte[] sound = Files.readAllBytes(file);
    byte[] config = CONFIG.getBytes(StandardCharsets.UTF_8);
    int header = 8 + (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (int round = 0; round < 10_000; round++) {
      Files.write(file, mutated(sound, header, random));
      refused += refuses(() -> Weights.read(file, ScalarType.Float).close());
      Files.write(folder.resolve("config.json"), mutated(config, config.length, random));
      refused += refuses(() -> ModelConfig.read(folder));
    }
    assertThat(refused).isBetween(8_000, 19_900); // some mutations hit a value that may vary
  }

  private static int refuses(Runnable read) {
    try {
      read.run();
      return 0;
    } catch (WeightsException e) {
      assertThat(e.getMessage()).isNotBlank();
      return 1;
    }
  }

  /** A few bytes of the first {@code within} changed, doubled or lost; or the end cut off. */
  private static byte[] mutated(byte[] sound, int within, SplittableRandom random) {
    if (random.nextInt(10) == 0) {
      return Arrays.copyOf(sound, random.nextInt(sound.length));
    }
    byte[] bytes = sound.clone();
    for (int change = random.nextInt(1, 4); change > 0; change--) {
      int at = random.nextInt(within);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "0123456789-.eE[]{}\",:".charAt(random.nextInt(21));
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> System.arraycopy(sound, at, bytes, Math.max(0, at - 1), sound.length - at);
      }
    }
    return bytes;
  }
}
