package malt.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.MalformedDataException;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, by the tokenizer.json of a model directory. Nothing is added, cut or
 * padded: a prompt's first token is the chat template's affair, so there is never a second one.
 * Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private final Path directory;
  private final NativeTokenizer tokenizer;
  private final SpecialTokens special;
  private final int[] ends;
  private final BitSet specialIds;
  private final int vocabularySize;
  private final int ordinarySize;
  private final boolean prefixesSpace;
  private @Nullable GuardedTokenizer guarded;
  private @Nullable GuardedTokenizer continuing;

  private Tokenizer(Path directory, NativeTokenizer tokenizer, JsonNode json) {
    this.directory = directory;
    this.tokenizer = tokenizer;
    this.special = SpecialTokens.read(directory, json);
    this.ends = special.ends();
    this.specialIds = special.specialIds();
    this.vocabularySize = vocabularySize(json, true);
    this.ordinarySize = vocabularySize(json, false);
    this.prefixesSpace = SpacePrefix.isIn(json);
  }

  /**
   * @throws MalformedDataException if tokenizer.json is missing or cannot be read
   */
  public static Tokenizer load(Path modelDirectory) {
    JsonNode json = TokenizerFiles.required(modelDirectory, "tokenizer.json");
    Path file = TokenizerFiles.path(modelDirectory, "tokenizer.json");
    NativeTokenizer tokenizer;
    try {
      tokenizer =
          NativeTokenizer.of(
              Files.isRegularFile(file)
                  ? Files.readAllBytes(file)
                  : TokenizerFiles.JSON.writeValueAsBytes(json),
              file);
    } catch (IOException e) {
      throw new MalformedDataException(file + " cannot be read: " + e.getMessage(), e);
    }
    try {
      return new Tokenizer(modelDirectory, tokenizer, json);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static int vocabularySize(JsonNode json, boolean special) {
    int size = 0;
    JsonNode vocabulary = json.path("model").path("vocab");
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        size = Math.max(size, id.asInt() + 1);
      }
    } else {
      size = vocabulary.size();
    }
    for (JsonNode token : json.path("added_tokens")) {
      if (special || !token.path("special").asBoolean()) {
        size = Math.max(size, token.path("id").asInt() + 1);
      }
    }
    return size;
  }

  /**
   * Ids of text that a user wrote: the name of a special token in it is encoded as the characters
   * it is made of, with the ids they would have if the token were not special.
   */
  public int[] encode(String text) {
    return encode(List.of(new TextSpan(text, false)), false);
  }

  /** Ids of text that a template wrote: the name of a special token becomes that token. */
  public int[] encodeTemplate(String text) {
    return encodeTemplate(text, false);
  }

  /** As {@link #encodeTemplate(String)}, with the tokens that the tokenizer puts around a text. */
  public int[] encodeTemplate(String text, boolean addSpecialTokens) {
    return tokenizer.encode(text, addSpecialTokens);
  }

  /**
   * Like {@link #encode(String)}, with the tokens that the tokenizer itself puts around a text (for
   * many models one at the beginning). For plain text without a chat template.
   */
  public int[] encodeDocument(String text) {
    return encodeDocument(List.of(new TextSpan(text, false)));
  }

  int[] encodeDocument(List<TextSpan> spans) {
    return encode(spans, true);
  }

  /**
   * Encodes the spans as the one text they are together, except that special names count only where
   * they lie within a trusted span.
   */
  int[] encode(List<TextSpan> spans) {
    return encode(spans, false);
  }

  /** Like {@link #encode(String)}, for text that goes on after other ids. */
  public int[] encodeContinuation(String text) {
    return encodeContinuation(List.of(new TextSpan(text, false)));
  }

  /** Encodes spans that go on after other ids, so without the space that may begin a text. */
  int[] encodeContinuation(List<TextSpan> spans) {
    if (!prefixesSpace) {
      return encode(spans, false);
    }
    TextSpans cut = TextSpans.cutAtSpecial(spans, special);
    int[] head = continuing().encode(cut.before(), false);
    int[] tail = cut.after().isEmpty() ? new int[0] : encode(cut.after(), false);
    return IntStream.concat(Arrays.stream(head), Arrays.stream(tail)).toArray();
  }

  /** Like {@link #encode(List)}, by the guarded twin even where there is nothing to guard. */
  int[] encodeGuarded(List<TextSpan> spans) {
    return guarded().encode(spans, false);
  }

  private int[] encode(List<TextSpan> spans, boolean addSpecialTokens) {
    return hasUntrustedName(spans)
        ? guarded().encode(spans, addSpecialTokens)
        : tokenizer.encode(
            spans.stream().map(TextSpan::text).collect(Collectors.joining()), addSpecialTokens);
  }

  /** Whether the whole text holds a special name that is not within one trusted span. */
  private boolean hasUntrustedName(List<TextSpan> spans) {
    String text = spans.stream().map(TextSpan::text).collect(Collectors.joining());
    Matcher name = special.pattern().matcher(text);
    int span = 0;
    int end = spans.isEmpty() ? 0 : spans.get(0).text().length();
    while (name.find()) {
      while (end <= name.start()) {
        end += spans.get(++span).text().length();
      }
      if (!spans.get(span).trusted() || name.end() > end) {
        return true;
      }
    }
    return false;
  }

  private synchronized GuardedTokenizer guarded() {
    if (guarded == null) {
      guarded = new GuardedTokenizer(directory, special, true);
    }
    return guarded;
  }

  private synchronized GuardedTokenizer continuing() {
    if (continuing == null) {
      continuing = new GuardedTokenizer(directory, special, false);
    }
    return continuing;
  }

  /** Names of the special tokens, which a user's text can never become. */
  Set<String> specialNames() {
    return special.names();
  }

  /** The first token of more than plain text that is named in a text which a template wrote. */
  Optional<TurnEnd> firstToken(String text) {
    return special.first(text);
  }

  /** Whether an id is a piece of text: none of the special tokens, and known. */
  public boolean isText(int id) {
    return id >= 0 && id < vocabularySize && !specialIds.get(id);
  }

  /** Text of the ids; special tokens are left out, and so are ids the tokenizer does not know. */
  public String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  /** One more than the largest id. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /**
   * One more than the largest id that a text can come to. Special tokens may lie beyond: of images,
   * in a model that has no words for them (Gemma 3's small ones).
   */
  public int ordinarySize() {
    return ordinarySize;
  }

  /**
   * The ids that end a text: those of generation_config.json, and the eos_token of
   * tokenizer_config.json; where neither names one, that of config.json.
   *
   * @throws MalformedDataException if none of them names one
   */
  public int[] eosIds() {
    if (ends.length == 0) {
      throw new MalformedDataException(
          "No end-of-text token is named in generation_config.json, tokenizer_config.json or"
              + " config.json of "
              + directory
              + "; set eos_token_id there.");
    }
    return ends.clone();
  }

  /** Whether the model's files name an id among those that end a completion. */
  public boolean isNamedEnd(int id) {
    return Arrays.stream(special.named()).anyMatch(named -> named == id);
  }

  /** The id that ends a text written by someone else: tokenizer_config.json's eos_token. */
  public int endId() {
    return special.end().orElseGet(() -> eosIds()[0]);
  }

  public boolean isEos(int id) {
    return Arrays.stream(ends).anyMatch(end -> end == id);
  }

  /**
   * Where a text first spells out the name of a special token; -1 for nowhere.
   *
   * @param which of them count, by their ids
   */
  public int namedAt(String text, IntPredicate which) {
    return special.ids().entrySet().stream()
        .filter(token -> which.test(token.getValue()))
        .mapToInt(token -> text.indexOf(token.getKey()))
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }

  /** The id that begins a document, where the model has one. */
  public OptionalInt bosId() {
    return special.bos();
  }

  /**
   * The id that fills up a batch; where the model names none, the first that ends a completion
   * (padding is masked, so any id would do).
   */
  public int padId() {
    return special.pad().orElseGet(() -> eosIds()[0]);
  }

  @Override
  public synchronized void close() {
    tokenizer.close();
    if (guarded != null) {
      guarded.close();
    }
    if (continuing != null) {
      continuing.close();
    }
  }
}
