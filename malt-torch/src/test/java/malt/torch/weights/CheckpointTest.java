package malt.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.WeightsException;
import malt.model.Dtype;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.Device;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.Processor;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Device PROCESSOR = Device.cpu(1);
  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "vocab_size": 50, "hidden_size": 16,
       "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4,
       "num_key_value_heads": 2, "rms_norm_eps": 1e-5, "max_position_embeddings": 128}
      """;

  @TempDir private Path folder;
  private long before;

  @BeforeEach
  void configure() throws IOException {
    before = TensorScope.liveObjects();
    Files.writeString(folder.resolve("config.json"), CONFIG);
  }

  @AfterEach
  void nothing_leaks() {
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  /** Two shards, in which tensors alternate, and their index. */
  private void writeShards(ScalarType type) throws IOException {
    try (CausalLm model = TinyModels.random(1);
        TensorScope scope = new TensorScope()) {
      Map<String, Tensor> even = new LinkedHashMap<>();
      Map<String, Tensor> odd = new LinkedHashMap<>();
      StringBuilder map = new StringBuilder();
      for (String name : model.weights().names()) {
        boolean first = even.size() == odd.size();
        (first ? even : odd).put(name, model.weights().tensor(name).to(type));
        map.append(map.isEmpty() ? "" : ", ")
            .append("\"%s\": \"%s.safetensors\"".formatted(name, first ? "even" : "odd"));
      }
      SafetensorsWriter.write(folder.resolve("even.safetensors"), even, Map.of());
      SafetensorsWriter.write(folder.resolve("odd.safetensors"), odd, Map.of());
      Files.writeString(folder.resolve(Checkpoint.INDEX), "{\"weight_map\": {%s}}".formatted(map));
    }
  }

  private float[] logits(Precision precision) {
    try (CausalLm model = CausalLm.load(folder, precision)) {
      return logits(model);
    }
  }

  private static float[] logits(CausalLm model) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor tokens = Tensors.MAIN.ofLongs(new long[] {3, 1, 4, 1, 5}, 1, 5);
      return Tensors.floats(model.logits(model.forward(tokens, LoraAdapter.NONE)));
    }
  }

  private void rewriteIndex(String from, String to) throws IOException {
    Path index = folder.resolve(Checkpoint.INDEX);
    String text = Files.readString(index);
    assertThat(text).containsPattern(from);
    Files.writeString(index, text.replaceFirst(from, to));
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> CausalLm.load(folder).close())
        .isInstanceOf(WeightsException.class)
        .message()
        .contains(words)
        .doesNotContain("\n");
  }

  @Test
  void shards_are_one_model() throws IOException {
    writeShards(ScalarType.Float);
    Checkpoint checkpoint = Checkpoint.of(folder);
    assertThat(checkpoint.type()).isEqualTo(StoredType.FLOAT32);
    assertThat(checkpoint.parameters()).isEqualTo(checkpoint.bytes() / 4);
    float[] sharded = logits(Precision.FLOAT32);
    try (CausalLm model = TinyModels.random(1);
        Weights stored = checkpoint.stored()) {
      assertThat(sharded).isEqualTo(logits(model));
      assertThat(Fingerprint.of(model.config(), stored))
          .isEqualTo(Fingerprint.of(model.config(), model.weights()));
    }
  }

  @Test
  void tensors_of_the_wanted_type_are_views_of_the_file() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "no /proc/self/maps on this system");
    writeShards(ScalarType.BFloat16);
    try (Weights weights = Checkpoint.of(folder).weights(Precision.MIXED, Tensors.MAIN)) {
      for (String name : weights.names()) {
        boolean matrix = weights.shape(name).length == 2;
        assertThat(weights.type(name)).isEqualTo(matrix ? ScalarType.BFloat16 : ScalarType.Float);
        assertThat(liesInAFile(weights.tensor(name))).as(name).isEqualTo(matrix);
      }
    }
  }

  private static boolean liesInAFile(Tensor tensor) throws IOException {
    long address;
    try (TensorScope scope = new TensorScope()) {
      address = tensor.data_ptr().address();
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
      if (address >= Long.parseUnsignedLong(range[0], 16)
          && address < Long.parseUnsignedLong(range[1], 16)) {
        return line.endsWith(".safetensors");
      }
    }
    return false;
  }

  @Test
  void mixed_precision_is_as_exact_as_float32_and_bfloat16_is_near() throws IOException {
    writeShards(ScalarType.BFloat16);
    float[] exact = logits(Precision.FLOAT32);
    assertThat(logits(Precision.MIXED)).containsExactly(exact, Offset.offset(1e-5f));
    float[] rough = logits(Precision.BFLOAT16);
    assertThat(rough).isNotEqualTo(exact);
    assertThat(rough).containsExactly(exact, Offset.offset(0.15f)); // of logits of about +-4
  }

  @Test
  void the_automatic_precision_widens_where_there_are_no_units_for_16_bits() {
    boolean units = Processor.here().hasBfloat16();
    assertThat(Precision.of(Dtype.AUTO, StoredType.FLOAT32, PROCESSOR))
        .isEqualTo(Precision.FLOAT32);
    assertThat(Precision.of(Dtype.AUTO, StoredType.BFLOAT16, PROCESSOR))
        .isEqualTo(units ? Precision.BFLOAT16 : Precision.FLOAT32);
    assertThat(Precision.of(Dtype.AUTO, StoredType.BFLOAT16, Device.cuda(0)))
        .isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.of(Dtype.MIXED, StoredType.FLOAT16, PROCESSOR)).isEqualTo(Precision.MIXED);
  }

  @Test
  void weights_that_are_not_numbers_are_refused() throws IOException {
    String name = "model.layers.1.mlp.up_proj.weight";
    try (CausalLm model = TinyModels.random(1);
        TensorScope scope = new TensorScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      model.weights().names().forEach(each -> tensors.put(each, model.weights().tensor(each)));
      tensors.get(name).select(0, 3).fill_(Tensors.scalar(Double.NaN));
      SafetensorsWriter.write(folder.resolve(Checkpoint.FILE), tensors, Map.of());
    }
    refused(folder.toString(), name, "NaN");
  }

  /** The tiny model with a tied head, in one file with {@code more} beside its tensors. */
  private void writeTied(Map<String, Tensor> more) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        CONFIG.strip().replaceFirst("}$", ", \"tie_word_embeddings\": true}"));
    try (CausalLm model = TinyModels.random(1)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      model.weights().names().forEach(each -> tensors.put(each, model.weights().tensor(each)));
      tensors.remove("lm_head.weight");
      tensors.putAll(more);
      if (more.containsKey("lm_head.weight")) {
        Tensor head = tensors.get("model.embed_tokens.weight").clone();
        head.select(0, 49).add_(more.get("lm_head.weight"));
        tensors.put("lm_head.weight", head);
      }
      SafetensorsWriter.write(folder.resolve(Checkpoint.FILE), tensors, Map.of());
    }
  }

  private Checkpoint checkpoint() {
    return Checkpoint.of(folder).of(ModelConfig.read(folder));
  }

  private String fingerprint() {
    try (Weights stored = checkpoint().stored()) {
      return Fingerprint.of(ModelConfig.read(folder), stored);
    }
  }

  @Test
  void a_copied_head_and_inverse_frequencies_are_read_past_with_a_word() throws IOException {
    writeTied(Map.of());
    float[] expected = logits(Precision.FLOAT32);
    String fingerprint = fingerprint();
    assertThat(checkpoint().remark()).isEmpty();
    try (TensorScope scope = new TensorScope()) {
      Tensor frequencies = Tensors.MAIN.ofFloats(new float[] {1, 0.01f}, 2);
      writeTied(
          Map.of(
              "lm_head.weight", Tensors.MAIN.ofFloats(new float[] {0}, 1),
              "model.rotary_emb.inv_freq", frequencies,
              "model.layers.0.self_attn.rotary_emb.inv_freq", frequencies,
              "model.layers.1.self_attn.rotary_emb.inv_freq", frequencies));
    }
    assertThat(logits(Precision.FLOAT32)).isEqualTo(expected);
    assertThat(fingerprint()).isEqualTo(fingerprint);
    assertThat(checkpoint().remark())
        .hasValue("lm_head.weight and 3 more tensors follow from the others and are read past");
    checkpoint().requireShapesOf(ModelConfig.read(folder));
  }

  @Test
  void a_head_that_should_be_a_copy_and_is_none_is_refused() throws IOException {
    try (TensorScope scope = new TensorScope()) {
      writeTied(Map.of("lm_head.weight", Tensors.MAIN.ofFloats(new float[] {1e-3f}, 1)));
    }
    refused("lm_head.weight is not the copy", "tie_word_embeddings");
  }

  @Test
  void other_tensors_that_nothing_uses_are_still_refused() throws IOException {
    try (TensorScope scope = new TensorScope()) {
      writeTied(
          Map.of(
              "model.layers.0.self_attn.rotary_emb.table", Tensors.MAIN.ofFloats(new float[1], 1)));
    }
    refused("rotary_emb.table");
  }

  @Test
  void neither_a_file_nor_an_index() {
    refused(folder.toString(), Checkpoint.FILE, Checkpoint.INDEX);
  }

  @Test
  void a_missing_shard() throws IOException {
    writeShards(ScalarType.Float);
    Files.delete(folder.resolve("odd.safetensors"));
    refused("odd.safetensors is missing");
  }

  @Test
  void an_index_that_disagrees_with_its_shards() throws IOException {
    writeShards(ScalarType.Float);
    rewriteIndex("\"model.norm.weight\"", "\"model.norm.height\"");
    refused("model.norm.");
    writeShards(ScalarType.Float);
    rewriteIndex("(\"model.embed_tokens.weight\": )\"even", "$1\"odd");
    refused("places tensor model.embed_tokens.weight in odd.safetensors");
  }

  @Test
  void an_index_that_points_elsewhere_or_is_none() throws IOException {
    writeShards(ScalarType.Float);
    rewriteIndex("even.safetensors", "../even.safetensors");
    refused("../even.safetensors", "is no name of a shard");
    Files.writeString(folder.resolve(Checkpoint.INDEX), "{\"weight_map\": [");
    refused(Checkpoint.INDEX, "is not JSON");
    Files.writeString(folder.resolve(Checkpoint.INDEX), "{}");
    refused("weight_map");
  }
}
