package malt.nano;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tokens in the order of their ids: specials, bytes, then the corpus's words, sorted. */
final class NanoVocabulary {
  private static final Pattern PRE_TOKEN = Pattern.compile(NanoTokenizer.PRE_TOKEN);

  private NanoVocabulary() {}

  static List<String> tokens() {
    List<String> tokens = new ArrayList<>(NanoTokenizer.SPECIALS);
    for (int value = 0; value < 256; value++) {
      tokens.add(Character.toString(symbol(value)));
    }
    words().stream().map(NanoVocabulary::symbols).forEach(tokens::add);
    return tokens;
  }

  /** Each pre-token of the corpus longer than a byte, with its leading space where it has one. */
  static Set<String> words() {
    Set<String> words = new TreeSet<>();
    corpusTexts()
        .forEach(
            text -> {
              Matcher matcher = PRE_TOKEN.matcher(text);
              while (matcher.find()) {
                if (matcher.group().length() > 1) {
                  words.add(matcher.group());
                }
              }
            });
    return words;
  }

  /** Every sentence with every name and item, after a space too where it may follow another. */
  private static Stream<String> corpusTexts() {
    Stream<String> starts = Lexicon.STANDARD.starts().stream();
    Stream<String> later = Lexicon.STANDARD.later().map(sentence -> " " + sentence);
    Stream<String> questions =
        Stream.concat(starts, later)
            .flatMap(
                sentence ->
                    Lexicon.NAMES.stream()
                        .flatMap(
                            name ->
                                Lexicon.ITEMS.stream()
                                    .map(item -> Lexicon.fill(sentence, name, item, "0"))));
    Stream<String> turns =
        Stream.of(
            Critic.REQUEST,
            Critic.APPROVAL,
            Critic.vague(0),
            " ok wrong",
            Reviser.REQUEST,
            "Keep.\n#### 0",
            DebateTurn.request("0", "0"));
    return Stream.concat(questions, turns);
  }

  /** Text as byte-level tokenizers write it: one visible symbol a byte of UTF-8. */
  private static String symbols(String text) {
    StringBuilder symbols = new StringBuilder();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      symbols.appendCodePoint(symbol(value & 0xFF));
    }
    return symbols.toString();
  }

  /** GPT-2's map: printable Latin-1 stands for itself, the other bytes follow from U+0100 on. */
  static int symbol(int value) {
    int next = 0x100;
    for (int other = 0; other < value; other++) {
      next += printable(other) ? 0 : 1;
    }
    return printable(value) ? value : next;
  }

  private static boolean printable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
  }
}
