package malt.torch.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import malt.WeightsException;

/**
 * Reads the numbers of a config.json. Those that shape every tensor must be stated; of the others a
 * key that is left out means what transformers' configuration class of the family assumes. A value
 * of another kind is refused by name.
 */
final class ConfigReader {
  private final Path file;
  private final JsonNode json;

  ConfigReader(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  ModelConfig read() {
    VariantReader variants = new VariantReader(file, json);
    Family family = variants.family();
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
        ropeTheta(),
        json.has("max_position_embeddings")
            ? stated("max_position_embeddings")
            : family.maxPositions(),
        flag("tie_word_embeddings"),
        variants.read(family));
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

  private double ropeTheta() {
    JsonNode nested = json.path("rope_parameters"); // newer files keep it there
    return json.hasNonNull("rope_theta") || !nested.has("rope_theta")
        ? number(json, "rope_theta", Family.ROPE_THETA)
        : number(nested, "rope_theta", Family.ROPE_THETA);
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

  private boolean flag(String key) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.asBoolean(false);
  }

  private WeightsException wrong(String key, JsonNode value, String wanted) {
    return new WeightsException("%s: %s = %s is not %s".formatted(file, key, value, wanted));
  }
}
