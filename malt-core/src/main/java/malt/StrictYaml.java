package malt;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.lang.reflect.Executable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * YAML read to the letter: a missing, unknown or repeated key and a value of another type are
 * errors, and nothing is rounded, coerced or filled in. Only a component of a record that is {@link
 * Nullable} may be left out.
 *
 * <p>A file whose {@code base} names another, or a list of others, relative to itself, says only
 * what differs from them: mappings are merged key by key, all else is replaced, and null takes a
 * key away.
 */
public final class StrictYaml {
  private static final Pattern MISSING =
      Pattern.compile("^Missing required creator property '([^']*)'");

  private static final String BASE = "base";

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
          .annotationIntrospector(new Required())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
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

  /** What is not {@link Nullable} must be given. */
  private static final class Required extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
      if (member instanceof AnnotatedParameter parameter
          && parameter.getOwner().getAnnotated() instanceof Executable owner) {
        return !owner.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
            Nullable.class);
      }
      return super.hasRequiredMarker(member);
    }
  }

  /** Reads a file, then applies overrides such as {@code dpo.beta=0.1}, then binds. */
  public static <T> T read(Path file, List<String> overrides, Class<T> type) {
    return read(List.of(file), overrides, type);
  }

  /** The same of several files, of which each changes what those before it say. */
  public static <T> T read(List<Path> files, List<String> overrides, Class<T> type) {
    String source = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    ObjectNode root = MAPPER.createObjectNode();
    files.forEach(file -> merge(root, load(file, List.of())));
    takeAway(root);
    return bind(root, source, overrides, type);
  }

  /** As {@link #read}, from text without a base; {@code source} names it in errors. */
  public static <T> T parse(String text, String source, List<String> overrides, Class<T> type) {
    try {
      return bind(mapping(text, source), source, overrides, type);
    } catch (JsonProcessingException e) {
      throw notYaml(source, e);
    }
  }

  private static <T> T bind(ObjectNode root, String source, List<String> overrides, Class<T> type) {
    overrides.forEach(override -> apply(root, override));
    requireValues(root, source, "");
    try {
      return MAPPER.treeToValue(root, type);
    } catch (JsonMappingException e) {
      throw new ConfigException("%s: %s%s".formatted(source, path(e), reason(e, root)), e);
    } catch (JsonProcessingException e) {
      throw notYaml(source, e);
    }
  }

  /** What a file says together with its bases. */
  private static ObjectNode load(Path file, List<Path> above) {
    Path place = file.toAbsolutePath().normalize();
    if (above.contains(place)) {
      throw new ConfigException("%s: it is its own base, by way of others".formatted(file));
    }
    List<Path> chain = new ArrayList<>(above);
    chain.add(place);
    ObjectNode own;
    try {
      own = mapping(text(file), file.toString());
    } catch (JsonProcessingException e) {
      throw notYaml(file.toString(), e);
    }
    ObjectNode root = MAPPER.createObjectNode();
    for (String base : bases(own.remove(BASE), file)) {
      merge(root, load(place.resolveSibling(base), chain));
    }
    merge(root, own);
    return root;
  }

  private static List<String> bases(@Nullable JsonNode base, Path file) {
    List<String> names = new ArrayList<>();
    if (base != null) {
      (base.isArray() ? base : MAPPER.createArrayNode().add(base))
          .forEach(
              name -> {
                if (!name.isTextual()) {
                  throw new ConfigException(
                      "%s: base: the name of a file, or a list of them; found %s"
                          .formatted(file, name));
                }
                names.add(name.textValue());
              });
    }
    return names;
  }

  /** Null takes a key away; it stays until all is merged, since a base may come to be below it. */
  private static void merge(ObjectNode root, ObjectNode changes) {
    changes
        .properties()
        .forEach(
            change -> {
              JsonNode value = change.getValue();
              if (value instanceof ObjectNode part) {
                ObjectNode merged =
                    root.get(change.getKey()) instanceof ObjectNode before
                        ? before
                        : root.putObject(change.getKey());
                merge(merged, part);
              } else {
                root.set(change.getKey(), value);
              }
            });
  }

  private static void takeAway(ObjectNode node) {
    List<String> taken = new ArrayList<>();
    node.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                taken.add(entry.getKey());
              } else if (entry.getValue() instanceof ObjectNode child) {
                takeAway(child);
              }
            });
    node.remove(taken);
  }

  private static String text(Path file) {
    try {
      return TextFiles.read(file);
    } catch (MalformedDataException e) {
      throw new ConfigException("configuration " + e.getMessage(), e);
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

  /** A value as YAML; what is null is left out. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ConfigException("cannot write a configuration: " + e.getOriginalMessage(), e);
    }
  }

  private static void apply(ObjectNode root, String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new ConfigException(
          "an override is written key=value, such as dpo.beta=0.1; found " + override);
    }
    String[] keys = override.substring(0, equals).split("\\.", -1);
    ObjectNode node = root;
    for (int i = 0; i < keys.length - 1; i++) {
      if (!(node.get(keys[i]) instanceof ObjectNode child)) {
        throw new ConfigException(
            "override %s: there is no section %s; known here: %s"
                .formatted(override, keys[i], names(node)));
      }
      node = child;
    }
    try {
      JsonNode value = MAPPER.readTree(override.substring(equals + 1));
      if (value.isMissingNode()) {
        throw new ConfigException(
            "override %s: a value is missing; write '' for no text, null to take the key away"
                .formatted(override));
      }
      merge(node, MAPPER.createObjectNode().set(keys[keys.length - 1], value));
      takeAway(node);
    } catch (JsonProcessingException e) {
      throw new ConfigException("override %s: the value is not YAML".formatted(override), e);
    }
  }

  private static String names(ObjectNode node) {
    return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
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
  private static String reason(JsonMappingException e, JsonNode root) {
    if (e.getCause() instanceof ConfigException ours) {
      return String.valueOf(ours.getMessage());
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "there is no such key; known here: "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    Matcher missing = MISSING.matcher(e.getOriginalMessage());
    if (missing.find()) {
      return "'%s' is missing; every key must be given".formatted(missing.group(1));
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      JsonNode found = root;
      for (JsonMappingException.Reference step : e.getPath()) {
        found =
            step.getFieldName() == null
                ? found.path(step.getIndex())
                : found.path(step.getFieldName());
      }
      return "%s is wanted, found %s".formatted(wanted(mismatch.getTargetType()), found);
    }
    return firstLine(e.getOriginalMessage());
  }

  private static String wanted(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type.isEnum()) {
      return "one of "
          + Stream.of(type.getEnumConstants())
              .map(constant -> MAPPER.convertValue(constant, String.class))
              .collect(Collectors.joining(", "));
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) || type.isRecord()
        ? "a mapping of keys to values"
        : "text (in quotes where it looks like something else)";
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }
}
