package malt.torch.weights;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.WeightsException;

/** The shape of a decoder, as config.json states it. */
@JsonIgnoreProperties(ignoreUnknown = true)
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

  /** A decoder of Llama 2's own shape. */
  public ModelConfig(
      List<String> architectures,
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      double normEpsilon,
      double ropeTheta,
      int maxPositions,
      boolean tiedHead) {
    this(
        architectures,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        normEpsilon,
        ropeTheta,
        maxPositions,
        tiedHead,
        Variant.LLAMA);
  }

  /** The same sizes in another family's variant. */
  public ModelConfig with(Variant other) {
    return new ModelConfig(
        architectures,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        normEpsilon,
        ropeTheta,
        maxPositions,
        tiedHead,
        other);
  }

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
      Variant variant = new VariantReader(file, json).read();
      ModelConfig config = JSON.treeToValue(withDefaults(json), ModelConfig.class).with(variant);
      config.check(file);
      return config;
    } catch (IOException e) {
      throw new WeightsException("%s is not a model configuration: %s".formatted(file, e), e);
    }
  }

  /** Fields that configurations may leave out, with the meaning Hugging Face gives that. */
  private static JsonNode withDefaults(JsonNode json) {
    var config = json.deepCopy();
    if (config instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
      int heads = object.path("num_attention_heads").asInt();
      if (!object.hasNonNull("num_key_value_heads")) {
        object.put("num_key_value_heads", heads);
      }
      if (!object.hasNonNull("head_dim") && heads > 0) {
        object.put("head_dim", object.path("hidden_size").asInt() / heads);
      }
      if (!object.hasNonNull("rope_theta")) { // newer files keep it in rope_parameters
        object.put("rope_theta", object.at("/rope_parameters/rope_theta").asDouble(10000.0));
      }
      if (!object.hasNonNull("tie_word_embeddings")) {
        object.put("tie_word_embeddings", false);
      }
    }
    return config;
  }

  private void check(Path file) {
    if (vocabularySize < 1
        || hiddenSize < 1
        || intermediateSize < 1
        || layers < 1
        || heads < 1
        || keyValueHeads < 1
        || heads % keyValueHeads != 0
        || headSize < 2
        || headSize % 2 != 0
        || maxPositions < 1) {
      throw new WeightsException("%s: impossible shape %s".formatted(file, this));
    }
  }
}
