package malt.torch.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(read("MistralForCausalLM", "\"sliding_window\": 4096").variant())
        .isEqualTo(new Variant(false, false, 4096, null));
    assertThat(read("MistralForCausalLM", "\"sliding_window\": null").variant())
        .isEqualTo(Variant.LLAMA);
  }

  @Test
  void qwen_2_has_biases_and_qwen_3_head_norms() throws IOException {
    assertThat(
            read("Qwen2ForCausalLM", "\"use_sliding_window\": false, \"sliding_window\": 32768")
                .variant())
        .isEqualTo(new Variant(true, false, 0, null));
    ModelConfig three = read("Qwen3ForCausalLM", "\"head_dim\": 32, \"attention_bias\": false");
    assertThat(three.variant()).isEqualTo(new Variant(false, true, 0, null));
    assertThat(three.headSize()).isEqualTo(32);
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
    assertThat(new Variant(false, false, 9, null).identity())
        .isNotEqualTo(new Variant(false, false, 8, null).identity());
  }
}
