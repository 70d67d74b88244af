package malt.torch.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import malt.WeightsException;
import malt.WordList;
import malt.training.LoraSettings;

/** What adapter_config.json says: the part of PEFT's LoraConfig that this project carries out. */
record PeftConfig(
    String baseName, int rank, double alpha, boolean rslora, SortedSet<String> targets) {
  static final String FILE = "adapter_config.json";

  /** Without effect on the forward of a trained adapter, whatever they say. */
  private static final Set<String> WITHOUT_EFFECT =
      WordList.of(
          """
          auto_mapping eva_config inference_mode lora_dropout megatron_core peft_version
          qalora_group_size revision
          """);

  /** Values of init_lora_weights that leave the base as it is; the others take a part out of it. */
  private static final Set<String> PLAIN_STARTS =
      Set.of("true", "false", "null", "gaussian", "eva", "orthogonal");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /** Reads the configuration of an adapter directory; refuses by name what is not supported. */
  static PeftConfig read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(
          "%s is missing: an adapter directory holds %s and %s"
              .formatted(file, FILE, PeftAdapter.FILE));
    }
    try {
      JsonNode json = JSON.readTree(file.toFile());
      if (!json.isObject()) {
        throw new WeightsException(file + " is not a JSON object");
      }
      return of(file, json);
    } catch (IOException e) {
      throw new WeightsException("%s is not an adapter configuration: %s".formatted(file, e), e);
    }
  }

  private static PeftConfig of(Path file, JsonNode json) {
    SortedSet<String> targets = new TreeSet<>();
    String baseName = "";
    requirePlainStart(file, json.path("init_lora_weights"));
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      JsonNode value = field.getValue();
      boolean supported =
          switch (field.getKey()) {
            case "peft_type" -> value.asText().equals("LORA");
            case "task_type" -> value.isNull() || value.asText().equals("CAUSAL_LM");
            case "r" -> value.isInt() && value.intValue() > 0;
            case "lora_alpha" -> value.isNumber();
            case "bias" -> value.asText().equals("none");
            case "target_modules" -> value.isArray() && !value.isEmpty();
            case "use_rslora" -> value.isBoolean();
            case "init_lora_weights" -> true; // see requirePlainStart
            case "base_model_name_or_path" -> value.isNull() || value.isTextual();
            default -> WITHOUT_EFFECT.contains(field.getKey()) || isOff(value);
          };
      if (!supported) {
        throw new WeightsException(
            "%s: %s = %s is not supported".formatted(file, field.getKey(), value));
      }
    }
    for (String required : new String[] {"peft_type", "r", "lora_alpha", "target_modules"}) {
      if (!json.has(required)) {
        throw new WeightsException("%s does not state %s".formatted(file, required));
      }
    }
    json.get("target_modules").forEach(target -> targets.add(target.asText()));
    if (json.hasNonNull("base_model_name_or_path")) {
      baseName = json.get("base_model_name_or_path").asText();
    }
    return new PeftConfig(
        baseName,
        json.get("r").intValue(),
        json.get("lora_alpha").doubleValue(),
        json.path("use_rslora").asBoolean(false),
        targets);
  }

  /**
   * PiSSA, OLoRA, CorDA, LoftQ and their like split the base's weights when training begins: W + B
   * A is then the trained map only over what they left of W, which no file holds.
   */
  private static void requirePlainStart(Path file, JsonNode start) {
    if (!start.isMissingNode() && !PLAIN_STARTS.contains(start.asText().toLowerCase(Locale.ROOT))) {
      throw new WeightsException(
          "%s: init_lora_weights = %s is not supported: it changed the base when training began; convert the adapter to plain LoRA with PEFT's path_initial_model_for_weight_conversion"
              .formatted(file, start));
    }
  }

  double scale() {
    return LoraSettings.scale(rank, alpha, rslora);
  }

  /** Null, false, or an empty list or object: the feature is not used. */
  private static boolean isOff(JsonNode value) {
    return value.isNull()
        || (value.isBoolean() && !value.booleanValue())
        || (value.isContainerNode() && value.isEmpty());
  }

  byte[] json() throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("base_model_name_or_path", baseName);
    json.put("bias", "none");
    json.put("fan_in_fan_out", false);
    json.put("inference_mode", true);
    json.put("lora_alpha", alpha);
    json.put("lora_dropout", 0.0);
    json.put("peft_type", "LORA");
    json.put("r", rank);
    targets.forEach(json.putArray("target_modules")::add);
    json.put("task_type", "CAUSAL_LM");
    json.put("use_rslora", rslora);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }
}
