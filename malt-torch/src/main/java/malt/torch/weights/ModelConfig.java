package malt.torch.weights;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import malt.ModelException;
import malt.WeightsException;
import malt.torch.gguf.GgufModel;
import org.jspecify.annotations.Nullable;

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

  /** Reads config.json in a model directory, or what a GGUF file says in its place. */
  public static ModelConfig read(Path directory) {
    Optional<GgufModel> gguf = GgufModel.find(directory);
    if (gguf.isPresent()) {
      Path file = gguf.get().path();
      return of(file, gguf.get().document("config.json").orElseThrow());
    }
    Path file = directory.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(
          "%s is missing: a model is a directory that holds config.json, model.safetensors and tokenizer.json, or a .gguf file"
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
      return of(file, json);
    } catch (IOException e) {
      throw new WeightsException("%s is not a model configuration: %s".formatted(file, e), e);
    }
  }

  private static ModelConfig of(Path file, JsonNode json) {
    ModelConfig config = new ConfigReader(file, json).read();
    config.check(file);
    return config;
  }

  /**
   * How far the queries of a layer see, and how positions turn them.
   *
   * @param scaling of the frequencies; null for none
   * @param window how many tokens a query sees, itself included; 0 is all
   */
  public record Sight(double theta, Variant.@Nullable RopeScaling scaling, int window) {}

  /** The sight of a layer, from 0. */
  public Sight sight(int layer) {
    Variant.Gemma gemma = variant.gemma();
    if (gemma == null) {
      return new Sight(ropeTheta, variant.rope(), variant.slidingWindow());
    }
    return gemma.global().get(layer)
        ? new Sight(ropeTheta, variant.rope(), 0)
        : new Sight(gemma.localTheta(), null, variant.slidingWindow());
  }

  /**
   * @throws ModelException if an id is none of the model's words
   */
  public void requireWord(long id) {
    if (id < 0 || id >= vocabularySize) {
      throw new ModelException(
          "token %d is not among the model's %d words; a special token of the tokenizer that this model does not have?"
              .formatted(id, vocabularySize),
          false);
    }
  }

  /** What scores are multiplied by. */
  public double scoreScale() {
    Variant.Gemma gemma = variant.gemma();
    return 1 / Math.sqrt(gemma == null ? headSize : gemma.queryScalar());
  }

  /** What embedded tokens are multiplied by. */
  public double embeddingScale() {
    return variant.gemma() == null ? 1 : Math.sqrt(hiddenSize);
  }

  /** What is added to the weight of a norm. */
  public double normOffset() {
    return variant.gemma() == null ? 0 : 1;
  }

  /** Whether what attention and the feed-forward give is normalised before it is added. */
  public boolean normsAfter() {
    return variant.gemma() != null;
  }

  /** The name of the norm before a feed-forward, within its layer. */
  public String feedNorm() {
    return normsAfter() ? "pre_feedforward_layernorm" : "post_attention_layernorm";
  }

  private void check(Path file) {
    if (heads % keyValueHeads != 0 || headSize < 2 || headSize % 2 != 0) {
      throw new WeightsException("%s: impossible shape %s".formatted(file, this));
    }
  }
}
