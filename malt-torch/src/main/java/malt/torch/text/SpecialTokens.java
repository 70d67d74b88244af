package malt.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.MalformedDataException;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a model directory that are more than text.
 *
 * @param names of the special tokens, those that a user's text must not become
 * @param pattern finds them in a text, the longest where two start at one place
 * @param ids of all added tokens, special or not
 * @param named ids that generation_config.json says end a completion, else the eos_token's; may be
 *     empty
 * @param end the id that tokenizer_config.json names for that
 */
record SpecialTokens(
    Set<String> names,
    Pattern pattern,
    Map<String, Integer> ids,
    int[] named,
    OptionalInt end,
    OptionalInt bos,
    OptionalInt pad) {

  private static final String[] NAMED = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"
  };

  /** Reads tokenizer_config.json, generation_config.json and config.json where they are. */
  static SpecialTokens read(Path directory, JsonNode tokenizer) {
    JsonNode config = TokenizerFiles.optional(directory, "tokenizer_config.json");
    Map<String, Integer> ids = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      ids.put(token.path("content").asText(), token.path("id").asInt());
      if (token.path("special").asBoolean()) {
        names.add(token.path("content").asText());
      }
    }
    for (JsonNode token : config.path("added_tokens_decoder")) {
      if (token.path("special").asBoolean()) {
        names.add(token.path("content").asText());
      }
    }
    for (String key : NAMED) {
      String content = content(config.path(key));
      if (content != null) {
        names.add(content);
      }
    }
    config
        .path("additional_special_tokens")
        .forEach(token -> names.add(String.valueOf(content(token))));
    names.retainAll(ids.keySet());
    return new SpecialTokens(
        names,
        pattern(names),
        ids,
        named(directory, config, ids, tokenizer),
        id("eos_token", directory, config, ids, tokenizer),
        id("bos_token", directory, config, ids, tokenizer),
        id("pad_token", directory, config, ids, tokenizer));
  }

  /** Ids that end a text: those named, and the tokenizer's own. */
  int[] ends() {
    return IntStream.concat(Arrays.stream(named), end.stream()).distinct().toArray();
  }

  BitSet specialIds() {
    BitSet special = new BitSet();
    names.forEach(name -> special.set(ids.getOrDefault(name, 0)));
    return special;
  }

  /**
   * The first special token that is named in a text, else the first other added one that is not
   * blank; the longest of several at one place.
   */
  Optional<TurnEnd> first(String text) {
    return first(text, names).or(() -> first(text, ids.keySet()));
  }

  private Optional<TurnEnd> first(String text, Set<String> tokens) {
    return tokens.stream()
        .filter(token -> !token.isBlank() && text.contains(token))
        .min(
            Comparator.comparingInt((String token) -> text.indexOf(token))
                .thenComparing(String::length, Comparator.reverseOrder()))
        .map(token -> new TurnEnd(token, ids.getOrDefault(token, -1)));
  }

  /** A token's text, written as a string or as an object; null where there is none. */
  static @Nullable String content(JsonNode token) {
    JsonNode text = token.isObject() ? token.path("content") : token;
    return text.isTextual() ? text.asText() : null;
  }

  private static int[] named(
      Path directory, JsonNode config, Map<String, Integer> ids, JsonNode tokenizer) {
    JsonNode given =
        TokenizerFiles.optional(directory, "generation_config.json").path("eos_token_id");
    if (given.isArray()) {
      int[] eos = new int[given.size()];
      for (int i = 0; i < eos.length; i++) {
        eos[i] = integer(given.get(i), directory);
      }
      return eos;
    }
    if (!given.isMissingNode() && !given.isNull()) {
      return new int[] {integer(given, directory)};
    }
    OptionalInt one = id("eos_token", directory, config, ids, tokenizer);
    return one.isPresent() ? new int[] {one.getAsInt()} : new int[0];
  }

  private static int integer(JsonNode node, Path directory) {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw new MalformedDataException(
          "A token id in the configuration of " + directory + " is " + node + ", not an integer.");
    }
    return node.asInt();
  }

  /** By the name in tokenizer_config.json, else by the id in the two other files. */
  private static OptionalInt id(
      String key, Path directory, JsonNode config, Map<String, Integer> ids, JsonNode tokenizer) {
    String name = content(config.path(key));
    if (name != null) {
      JsonNode inVocabulary = tokenizer.path("model").path("vocab").path(name);
      if (ids.containsKey(name) || inVocabulary.isInt()) {
        return OptionalInt.of(ids.getOrDefault(name, inVocabulary.asInt()));
      }
      throw new MalformedDataException(
          "The " + key + " '" + name + "' of " + directory + " is not in its tokenizer.json.");
    }
    for (String file : new String[] {"generation_config.json", "config.json"}) {
      JsonNode id = TokenizerFiles.optional(directory, file).path(key + "_id");
      JsonNode first = id.isArray() && !id.isEmpty() ? id.get(0) : id;
      if (!first.isMissingNode() && !first.isNull()) {
        return OptionalInt.of(integer(first, directory));
      }
    }
    return OptionalInt.empty();
  }

  private static Pattern pattern(Set<String> names) {
    String alternatives =
        names.stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(alternatives.isEmpty() ? "(?!)" : alternatives);
  }
}
