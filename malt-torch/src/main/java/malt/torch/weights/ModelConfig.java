package malt.torch.weights;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.WeightsException;

/** The shape of a decoder, as config.json states it. */
public record ModelConfig(
    @JsonProperty("architectures") List<String> architectures,
    @JsonProperty("vocab_size") int vocabularySize,
    @JsonProperty("hidden_size") int hiddenSize,
    @JsonProperty("intermediate_size") int intermediateSize,
    @JsonProperty("num_hidden_layers") int layers,
    @JsonProperty("num_attention_heads") int heads,
    @JsonProperty("num_key_value_heads") int keyValueHeads,
    @JsonProperty("head_dim") int headSize,
    @JsonProperty("rms_norm_eps") double normEpsilon,
    @JsonProperty("rope_theta") double ropeTheta,
    @JsonProperty("max_position_embeddings") int maxPositions,
    @JsonProperty("tie_word_embeddings") boolean tiedHead,
    @JsonIgnore Variant variant) {

  public static final String LLAMA = "LlamaForCausalLM";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads config.json in a model directory. */
  public static ModelConfig read(Path directory) {
    Path file = directory.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(
          "%s is missing: a model directory holds config.json, model.safetensors and tokenizer.json"
              .formatted(file));
    }
    return readFile(file);
  }

  /** Reads a file in the layout of config.json. */
  public static ModelConfig readFile(Path file) {
    try {
      JsonNode json = JSON.readTree(file.toFile());
      if (!json.isObject()) {
        throw new WeightsException(file + " is not a model configuration: it holds no object");
      }
      ModelConfig config = new ConfigReader(file, json).read();
      config.check(file);
      return config;
    } catch (IOException e) {
      throw new WeightsException("%s is not a model configuration: %s".formatted(file, e), e);
    }
  }

  private void check(Path file) {
    if (heads % keyValueHeads != 0 || headSize < 2 || headSize % 2 != 0) {
      throw new WeightsException("%s: impossible shape %s".formatted(file, this));
    }
  }
}
