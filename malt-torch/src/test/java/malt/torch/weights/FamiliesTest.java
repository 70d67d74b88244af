package malt.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What config.json says of each family, in the fields that its publishers use. */
class FamiliesTest {
  private static final String SIZES =
      """
      "vocab_size": 100, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
      "num_attention_heads": 4, "max_position_embeddings": 512, "rms_norm_eps": 1e-6
      """;

  @TempDir private Path folder;

  private ModelConfig read(String architecture, String fields) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"architectures\": [\"%s\"], %s %s}"
            .formatted(architecture, fields.isEmpty() ? "" : fields + ",", SIZES));
    return ModelConfig.read(folder);
  }

  private void refused(String architecture, String fields, String word) {
    assertThatThrownBy(() -> read(architecture, fields))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining(word);
  }

  private ModelConfig complete(String architecture, String fields) throws IOException {
    return read(
        architecture,
        fields + (fields.isEmpty() ? "" : ", ") + "\"num_key_value_heads\": 4, \"head_dim\": 16");
  }

  private ModelConfig without(String key, String architecture) throws IOException {
    complete(architecture, "\"rope_theta\": 500000.0, \"tie_word_embeddings\": true");
    Path file = folder.resolve("config.json");
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    assertThat(json.remove(key)).isNotNull();
    Files.writeString(file, json.toString());
    return ModelConfig.read(folder);
  }

  @Test
  void a_number_that_is_left_out_is_what_transformers_class_of_the_family_assumes()
      throws IOException {
    for (String family : new String[] {"Llama", "Mistral", "Qwen2", "Qwen3"}) {
      String architecture = family + "ForCausalLM";
      assertThat(without("rms_norm_eps", architecture).normEpsilon()).isEqualTo(1e-6);
      assertThat(without("rope_theta", architecture).ropeTheta()).isEqualTo(10_000);
      assertThat(without("tie_word_embeddings", architecture).tiedHead()).isFalse();
    }
    String positions = "max_position_embeddings";
    assertThat(without(positions, "LlamaForCausalLM").maxPositions()).isEqualTo(2048);
    assertThat(without(positions, "MistralForCausalLM").maxPositions()).isEqualTo(131_072);
    assertThat(without(positions, "Qwen2ForCausalLM").maxPositions()).isEqualTo(32_768);
    assertThat(without(positions, "Qwen3ForCausalLM").maxPositions()).isEqualTo(32_768);
    assertThat(without("head_dim", "LlamaForCausalLM").headSize()).isEqualTo(16);
    assertThat(without("head_dim", "MistralForCausalLM").headSize()).isEqualTo(16);
    assertThat(without("head_dim", "Qwen2ForCausalLM").headSize()).isEqualTo(16);
    assertThat(without("head_dim", "Qwen3ForCausalLM").headSize()).isEqualTo(128);
    assertThat(without("num_key_value_heads", "LlamaForCausalLM").keyValueHeads()).isEqualTo(4);
    // 8 and 32 key heads do not fit 4 heads: the assumed number is used, and then refused
    for (String family : new String[] {"Mistral", "Qwen2", "Qwen3"}) {
      assertThatThrownBy(() -> without("num_key_value_heads", family + "ForCausalLM"))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("keyValueHeads=" + (family.equals("Mistral") ? 8 : 32));
    }
    assertThat(complete("MistralForCausalLM", "").variant().slidingWindow()).isEqualTo(4096);
  }

  @Test
  void a_number_that_shapes_every_tensor_must_be_stated() {
    for (String key :
        new String[] {
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads"
        }) {
      assertThatThrownBy(() -> without(key, "LlamaForCausalLM"))
          .isInstanceOf(WeightsException.class)
          .hasMessage("%s does not state %s", folder.resolve("config.json"), key);
    }
  }

  @Test
  void a_number_of_another_kind_is_refused_by_name() {
    refused("LlamaForCausalLM", "\"rope_theta\": \"1e4\"", "rope_theta = \"1e4\" is not a number");
    refused("LlamaForCausalLM", "\"head_dim\": 16.5", "head_dim = 16.5 is not a whole number");
    refused("LlamaForCausalLM", "\"num_key_value_heads\": 0", "num_key_value_heads = 0");
    refused(
        "LlamaForCausalLM", "\"tie_word_embeddings\": 1", "tie_word_embeddings = 1 is not true");
    refused("MistralForCausalLM", "\"sliding_window\": 0", "sliding_window = 0");
  }

  @Test
  void llama_2_and_what_is_left_out() throws IOException {
    ModelConfig config = read("LlamaForCausalLM", "\"rope_scaling\": null");
    assertThat(config.variant()).isEqualTo(Variant.LLAMA);
    assertThat(config.keyValueHeads()).isEqualTo(4);
    assertThat(config.headSize()).isEqualTo(16);
    assertThat(config.ropeTheta()).isEqualTo(10000);
    assertThat(config.tiedHead()).isFalse();
  }

  @Test
  void llama_3_1_in_both_spellings_of_its_rope() throws IOException {
    Variant.Llama3Rope rope = new Variant.Llama3Rope(8, 1, 4, 8192);
    String numbers =
        "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"";
    ModelConfig old =
        read("LlamaForCausalLM", "\"rope_theta\": 5e5, \"rope_scaling\": {" + numbers + "}");
    ModelConfig recent =
        read("LlamaForCausalLM", "\"rope_parameters\": {\"rope_theta\": 5e5, " + numbers + "}");
    assertThat(old.variant().rope()).isEqualTo(rope);
    assertThat(recent).isEqualTo(old);
    assertThat(recent.ropeTheta()).isEqualTo(500_000);
  }

  @Test
  void mistral_with_and_without_a_window() throws IOException {
    assertThat(complete("MistralForCausalLM", "\"sliding_window\": 4096").variant())
        .isEqualTo(new Variant(false, false, 4096, null, null));
    assertThat(complete("MistralForCausalLM", "\"sliding_window\": null").variant())
        .isEqualTo(Variant.LLAMA);
  }

  @Test
  void qwen_2_has_biases_and_qwen_3_head_norms() throws IOException {
    assertThat(
            complete("Qwen2ForCausalLM", "\"use_sliding_window\": false, \"sliding_window\": 32768")
                .variant())
        .isEqualTo(new Variant(true, false, 0, null, null));
    ModelConfig three =
        read(
            "Qwen3ForCausalLM",
            "\"num_key_value_heads\": 4, \"head_dim\": 32, \"attention_bias\": false");
    assertThat(three.variant()).isEqualTo(new Variant(false, true, 0, null, null));
    assertThat(three.headSize()).isEqualTo(32);
  }

  @Test
  void gemma_3_in_both_spellings_of_its_layers_and_ropes() throws IOException {
    String sizes = "\"num_key_value_heads\": 1, \"head_dim\": 32, \"sliding_window\": 16";
    ModelConfig old =
        read(
            "Gemma3ForCausalLM",
            sizes + ", \"layer_types\": [\"full_attention\", \"sliding_attention\"]");
    assertThat(old.variant())
        .isEqualTo(
            new Variant(
                false, true, 16, null, new Variant.Gemma(256, 10_000, List.of(true, false))));
    assertThat(old.tiedHead()).isTrue();
    assertThat(old.sight(0)).isEqualTo(new ModelConfig.Sight(1_000_000, null, 0));
    assertThat(old.sight(1)).isEqualTo(new ModelConfig.Sight(10_000, null, 16));
    assertThat(old.scoreScale()).isEqualTo(1 / 16.0);
    ModelConfig recent =
        read(
            "Gemma3ForCausalLM",
            sizes
                + ", \"sliding_window_pattern\": 2, \"rope_parameters\": {\"full_attention\":"
                + " {\"rope_type\": \"linear\", \"factor\": 8.0, \"rope_theta\": 5e5},"
                + " \"sliding_attention\": {\"rope_type\": \"default\", \"rope_theta\": 77.0}}");
    assertThat(recent.sight(0)).isEqualTo(new ModelConfig.Sight(77, null, 16));
    assertThat(recent.sight(1))
        .isEqualTo(new ModelConfig.Sight(500_000, new Variant.LinearRope(8), 0));
    refused("Gemma3ForCausalLM", "\"layer_types\": [\"full_attention\"]", "a list of 2 layers");
    refused("Gemma3ForCausalLM", "\"layer_types\": [\"chunked\"]", "chunked");
    refused("Gemma3ForCausalLM", "\"final_logit_softcapping\": 30.0", "final_logit_softcapping");
    refused("Gemma3ForCausalLM", "\"hidden_activation\": \"silu\"", "hidden_activation");
  }

  @Test
  void what_would_be_computed_otherwise_is_refused_by_name() {
    refused("GemmaForCausalLM", "", "GemmaForCausalLM is not supported; supported: Llama");
    refused("LlamaForCausalLM", "\"attention_bias\": true", "attention_bias");
    refused("LlamaForCausalLM", "\"mlp_bias\": true", "mlp_bias");
    refused("LlamaForCausalLM", "\"hidden_act\": \"gelu\"", "hidden_act");
    refused("Qwen2ForCausalLM", "\"use_sliding_window\": true", "use_sliding_window");
    refused("LlamaForCausalLM", "\"rope_scaling\": {\"type\": \"yarn\"}", "yarn");
    refused("LlamaForCausalLM", "\"rope_scaling\": {\"type\": \"llama3\"}", "incomplete");
  }

  @Test
  void a_variant_is_part_of_what_a_base_is() {
    assertThat(Variant.LLAMA.identity()).isEmpty();
    assertThat(new Variant(false, false, 9, null, null).identity())
        .isNotEqualTo(new Variant(false, false, 8, null, null).identity());
  }
}
