package malt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * YAML read to the letter: a missing, unknown or repeated key and a value of another type are
 * errors, and nothing is rounded, coerced or filled in.
 *
 * <p>A value {@code {file: PATH}} stands for what that file holds; the path is relative to the file
 * it stands in. Included files include no others.
 */
public final class StrictYaml {
  private static final Pattern MISSING = Pattern.compile("^Missing creator property '([^']*)'");

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private StrictYaml() {}

  /** Reads a file, then applies overrides such as {@code dpo.beta=0.1}, then binds. */
  public static <T> T read(Path file, List<String> overrides, Class<T> type) {
    Path folder = file.toAbsolutePath().getParent();
    return parse(text(file), file.toString(), folder, overrides, type);
  }

  /** As {@link #read}, from text without includes; {@code source} names it in errors. */
  public static <T> T parse(String text, String source, List<String> overrides, Class<T> type) {
    return parse(text, source, null, overrides, type);
  }

  private static String text(Path file) {
    try {
      return TextFiles.read(file);
    } catch (MalformedDataException e) {
      throw new ConfigException("configuration " + e.getMessage(), e);
    }
  }

  private static <T> T parse(
      String text, String source, @Nullable Path folder, List<String> overrides, Class<T> type) {
    try {
      ObjectNode root = mapping(text, source);
      overrides.forEach(override -> apply(root, override, folder));
      includeAll(root, folder);
      requireValues(root, source, "");
      return MAPPER.treeToValue(root, type);
    } catch (JsonMappingException e) {
      throw new ConfigException(
          "%s: %s%s".formatted(source, path(e), reason(e.getOriginalMessage())), e);
    } catch (JsonProcessingException e) {
      throw notYaml(source, e);
    }
  }

  private static ObjectNode mapping(String text, String source) throws JsonProcessingException {
    if (!(MAPPER.readTree(text) instanceof ObjectNode root)) {
      throw new ConfigException(source + " does not hold a mapping of keys to values");
    }
    return root;
  }

  private static ConfigException notYaml(String source, JsonProcessingException e) {
    String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
    return new ConfigException(source + line + ": " + firstLine(e.getOriginalMessage()), e);
  }

  private static void includeAll(ObjectNode node, @Nullable Path folder) {
    for (String key : node.properties().stream().map(Map.Entry::getKey).toList()) {
      if (child(node, key, folder) instanceof ObjectNode child) {
        includeAll(child, folder);
      }
    }
  }

  /** The value of a key; one that stands for a file is first replaced by what the file holds. */
  private static @Nullable JsonNode child(ObjectNode node, String key, @Nullable Path folder) {
    JsonNode child = node.get(key);
    if (folder == null || !isInclude(child)) {
      return child;
    }
    Path file = folder.resolve(child.get("file").textValue());
    try {
      node.set(key, mapping(text(file), file.toString()));
    } catch (JsonProcessingException e) {
      throw notYaml(file.toString(), e);
    }
    return node.get(key);
  }

  private static boolean isInclude(@Nullable JsonNode node) {
    return node instanceof ObjectNode && node.size() == 1 && node.path("file").isTextual();
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ConfigException("cannot write a configuration: " + e.getOriginalMessage(), e);
    }
  }

  private static void apply(ObjectNode root, String override, @Nullable Path folder) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new ConfigException(
          "an override is written key=value, such as dpo.beta=0.1; found " + override);
    }
    String[] keys = override.substring(0, equals).split("\\.", -1);
    ObjectNode node = root;
    for (int i = 0; i < keys.length - 1; i++) {
      boolean toFile = i == keys.length - 2 && keys[i + 1].equals("file");
      JsonNode next = toFile ? node.get(keys[i]) : child(node, keys[i], folder);
      if (!(next instanceof ObjectNode child)) {
        throw new ConfigException(
            "override %s: there is no section %s".formatted(override, keys[i]));
      }
      node = child;
    }
    String last = keys[keys.length - 1];
    if (!node.has(last)) {
      throw new ConfigException(
          "override %s: there is no key %s; known here: %s"
              .formatted(
                  override,
                  last,
                  node.properties().stream()
                      .map(Map.Entry::getKey)
                      .collect(Collectors.joining(", "))));
    }
    try {
      JsonNode value = MAPPER.readTree(override.substring(equals + 1));
      if (value.isMissingNode()) {
        throw new ConfigException(
            "override %s: a value is missing; write '' for no text".formatted(override));
      }
      node.set(last, value);
    } catch (JsonProcessingException e) {
      throw new ConfigException("override %s: the value is not YAML".formatted(override), e);
    }
  }

  private static void requireValues(JsonNode node, String source, String key) {
    if (node.isNull()) {
      throw new ConfigException("%s: %s: a value is missing".formatted(source, key));
    }
    String prefix = key.isEmpty() ? "" : key + ".";
    node.properties()
        .forEach(child -> requireValues(child.getValue(), source, prefix + child.getKey()));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        requireValues(node.get(i), source, prefix + "[" + i + "]");
      }
    }
  }

  private static String path(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                reference ->
                    reference.getFieldName() == null
                        ? "[" + reference.getIndex() + "]"
                        : reference.getFieldName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "" : path + ": ";
  }

  /** Jackson's words, or ours where they speak of its own workings. */
  private static String reason(String message) {
    Matcher missing = MISSING.matcher(message);
    return missing.find()
        ? "'%s' is missing; every key must be given".formatted(missing.group(1))
        : firstLine(message);
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }
}
