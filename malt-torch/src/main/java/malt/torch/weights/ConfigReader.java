package malt.torch.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.WeightsException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a config.json. Those that shape every tensor must be stated; of the others a
 * key that is left out means what transformers' configuration class of the family assumes. A value
 * of another kind is refused by name, and so is what is not supported.
 */
final class ConfigReader {
  /** Fields that change what a model computes, with the only value supported. */
  private static final Map<String, String> FIXED =
      Map.of(
          "attention_bias", "false",
          "mlp_bias", "false",
          "rope_interleaved", "false",
          "use_sliding_window", "false",
          "partial_rotary_factor", "1.0");

  private static final Map<String, String> FIXED_OF_GEMMA =
      Map.of(
          "hidden_activation", "\"gelu_pytorch_tanh\"",
          "attn_logit_softcapping", "null",
          "final_logit_softcapping", "null",
          "use_bidirectional_attention", "false");

  private static final Map<String, String> FIXED_OF_OTHERS = Map.of("hidden_act", "\"silu\"");

  private static final String GLOBAL = "full_attention"; // kinds of layers
  private static final String LOCAL = "sliding_attention";
  private static final String PATTERN = "sliding_window_pattern";

  private final Path file;
  private final JsonNode json;

  ConfigReader(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  ModelConfig read() {
    Family family = family();
    int hiddenSize = stated("hidden_size");
    int heads = stated("num_attention_heads");
    return new ModelConfig(
        List.of(json.path("architectures").path(0).textValue()),
        stated("vocab_size"),
        hiddenSize,
        stated("intermediate_size"),
        stated("num_hidden_layers"),
        heads,
        orNull("num_key_value_heads", family.keyValueHeads(heads), heads),
        orNull("head_dim", family.headSize(hiddenSize, heads), hiddenSize / heads),
        number(json, "rms_norm_eps", Family.NORM_EPSILON),
        ropeTheta(family),
        json.has("max_position_embeddings")
            ? stated("max_position_embeddings")
            : family.maxPositions(),
        flag("tie_word_embeddings", family.tiedHead()),
        variant(family));
  }

  /** A whole number from 1 that the file must state. */
  private int stated(String key) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      throw new WeightsException("%s does not state %s".formatted(file, key));
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, value, "a whole number from 1");
    }
    return value.intValue();
  }

  /** A whole number from 1, with a meaning of its own where the key is left out or null. */
  private int orNull(String key, int absent, int ofNull) {
    if (!json.has(key)) {
      return absent;
    }
    return json.path(key).isNull() ? ofNull : stated(key);
  }

  private double ropeTheta(Family family) {
    JsonNode nested = ropeParameters();
    return json.hasNonNull("rope_theta") || !nested.has("rope_theta")
        ? number(json, "rope_theta", family.ropeTheta())
        : number(nested, "rope_theta", family.ropeTheta());
  }

  /** Where newer files keep what there is to say of the rope; Gemma's by kinds of layers. */
  private JsonNode ropeParameters() {
    JsonNode nested = json.path("rope_parameters");
    return nested.has(GLOBAL) ? nested.path(GLOBAL) : nested;
  }

  private double number(JsonNode object, String key, double absent) {
    JsonNode value = object.path(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isNumber() || value.doubleValue() <= 0) {
      throw wrong(key, value, "a number above 0");
    }
    return value.doubleValue();
  }

  private boolean flag(String key, boolean absent) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.asBoolean(absent);
  }

  private WeightsException wrong(String key, JsonNode value, String wanted) {
    return new WeightsException("%s: %s = %s is not %s".formatted(file, key, value, wanted));
  }

  private Variant variant(Family family) {
    boolean gemma = family == Family.GEMMA3;
    FIXED.forEach(this::requireFixed);
    (gemma ? FIXED_OF_GEMMA : FIXED_OF_OTHERS).forEach(this::requireFixed);
    return new Variant(
        family == Family.QWEN2,
        family == Family.QWEN3 || gemma,
        slidingWindow(family),
        rope(),
        gemma ? gemma() : null);
  }

  private Variant.Gemma gemma() {
    JsonNode local = json.path("rope_parameters").path(LOCAL);
    return new Variant.Gemma(
        number(json, "query_pre_attn_scalar", 256),
        number(json, "rope_local_base_freq", number(local, "rope_theta", 10_000)),
        globalLayers(stated("num_hidden_layers")));
  }

  /** Which layers see everything: as listed, or every so manieth one. */
  private List<Boolean> globalLayers(int layers) {
    JsonNode types = json.path("layer_types");
    List<Boolean> global = new ArrayList<>();
    if (types.isMissingNode() || types.isNull()) {
      String key = json.has(PATTERN) ? PATTERN : "_" + PATTERN;
      int every = json.has(key) ? stated(key) : 6;
      for (int layer = 1; layer <= layers; layer++) {
        global.add(layer % every == 0);
      }
      return global;
    }
    for (JsonNode type : types) {
      if (!type.asText().equals(GLOBAL) && !type.asText().equals(LOCAL)) {
        throw unsupported("layer_types", type);
      }
      global.add(type.asText().equals(GLOBAL));
    }
    if (global.size() != layers) {
      throw wrong("layer_types", types, "a list of %d layers".formatted(layers));
    }
    return global;
  }

  /**
   * @throws WeightsException if the architecture is not supported
   */
  private Family family() {
    JsonNode names = json.path("architectures");
    Optional<Family> family = Family.named(names.path(0).asText());
    if (names.size() != 1 || family.isEmpty()) {
      throw new WeightsException(
          "%s: architecture %s is not supported; supported: %s"
              .formatted(
                  file,
                  names.isMissingNode()
                      ? "(none given)"
                      : names.size() == 1 ? names.path(0).asText() : names,
                  Family.architectures()));
    }
    return family.get();
  }

  /** In tokens; 0 where the file says null, or the family knows none. */
  private int slidingWindow(Family family) {
    JsonNode window = json.path("sliding_window");
    if (family.slidingWindow() == 0 || window.isNull()) {
      return 0;
    }
    if (window.isMissingNode()) {
      return family.slidingWindow();
    }
    if (!window.isIntegralNumber() || !window.canConvertToInt() || window.intValue() < 1) {
      throw unsupported("sliding_window", window);
    }
    return window.intValue();
  }

  private void requireFixed(String field, String only) {
    JsonNode value = json.path(field);
    boolean given = !value.isMissingNode() && !value.isNull();
    if (given && !value.toString().equals(only) && !value.toString().equals(only + ".0")) {
      throw unsupported(field, value);
    }
  }

  private Variant.@Nullable RopeScaling rope() {
    JsonNode rope = json.hasNonNull("rope_scaling") ? json.path("rope_scaling") : ropeParameters();
    if (rope.isMissingNode() || rope.isNull()) {
      return null;
    }
    String type = rope.path(rope.has("rope_type") ? "rope_type" : "type").asText();
    if (type.equals("default")) {
      return null;
    }
    if (type.equals("linear")) {
      double factor = number(rope, "factor", 0);
      if (factor < 1) {
        throw new WeightsException("%s: rope_scaling %s is incomplete".formatted(file, rope));
      }
      return new Variant.LinearRope(factor);
    }
    if (!type.equals("llama3")) {
      throw unsupported("rope_scaling", rope);
    }
    Variant.Llama3Rope scaling =
        new Variant.Llama3Rope(
            rope.path("factor").asDouble(),
            rope.path("low_freq_factor").asDouble(),
            rope.path("high_freq_factor").asDouble(),
            rope.path("original_max_position_embeddings").asInt());
    boolean sound =
        scaling.factor() >= 1
            && scaling.lowFactor() > 0
            && scaling.highFactor() > scaling.lowFactor()
            && scaling.originalPositions() > 0;
    if (!sound) {
      throw new WeightsException("%s: rope_scaling %s is incomplete".formatted(file, rope));
    }
    return scaling;
  }

  private WeightsException unsupported(String field, JsonNode value) {
    return new WeightsException("%s: %s = %s is not supported".formatted(file, field, value));
  }
}
