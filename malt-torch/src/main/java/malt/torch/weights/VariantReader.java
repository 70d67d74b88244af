package malt.torch.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import malt.WeightsException;
import org.jspecify.annotations.Nullable;

/** Tells a config.json's family, and refuses by name what is not supported of it. */
final class VariantReader {
  /** Fields that change what a model computes, with the only value supported. */
  private static final Map<String, String> FIXED =
      Map.of(
          "attention_bias", "false",
          "mlp_bias", "false",
          "rope_interleaved", "false",
          "use_sliding_window", "false",
          "hidden_act", "\"silu\"",
          "partial_rotary_factor", "1.0");

  private final Path file;
  private final JsonNode json;

  VariantReader(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  Variant read(Family family) {
    FIXED.forEach(this::requireFixed);
    return new Variant(
        family == Family.QWEN2, family == Family.QWEN3, slidingWindow(family), rope());
  }

  /**
   * @throws WeightsException if the architecture is not supported
   */
  Family family() {
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
    if (!window.isInt() || window.intValue() < 1) {
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

  private Variant.@Nullable Llama3Rope rope() {
    JsonNode rope =
        json.hasNonNull("rope_scaling") ? json.path("rope_scaling") : json.path("rope_parameters");
    if (rope.isMissingNode() || rope.isNull()) {
      return null;
    }
    String type = rope.path(rope.has("rope_type") ? "rope_type" : "type").asText();
    if (type.equals("default")) {
      return null;
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
