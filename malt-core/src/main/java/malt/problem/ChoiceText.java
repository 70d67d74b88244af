package malt.problem;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which of several choices a statement, or the last sentence of a text, means. */
final class ChoiceText {
  private static final String NAME =
      "(?:(?:option|choice|letter|answer|alternative)\\b\\s*:?\\s*)?";

  /** A letter that ends its clause, or gives its reason. */
  private static final String NEXT_LETTER =
      "(?=[\\s*_\"'`(\\[$\\\\]*"
          + "(?:not )?"
          + NAME
          + "[(\\[*_\"'`]*(?-i:[A-Z])(?![\\p{L}\\d]|['\u2019]\\p{L})[*_\"'`)\\]]*"
          + "(?:[,.;:!?\u2014\u3002-]|\\s*$|\\s*\\n|\\s+(?:because|since|as|and|or|over|rather|instead|not|is|\u2014|-|\\()))";

  /** Clauses that choose. */
  static final String CHOOSING =
      "\\bI(?:'d| would| will|'ll| shall| must| can| should)? (?:choose|chose|pick|picked|select|selected|go(?: with| for)|went with|vote for|opt for|settle on)\\b"
          + "|\\b(?:it|this|that)(?:'s|(?: (?:must|should|would|has to|can only))? be| is| was)"
          + NEXT_LETTER
          + "|\\b(?:therefore|thus|hence|so|consequently|in conclusion|overall)\\b,?"
          + NEXT_LETTER
          + "|[\u9009\u9078][\u62e9\u64c7]?[:\\s]*(?=[(\\[]?(?-i:[A-Z]))"
          + "|\\bleav(?:ing|es)(?: us with| only| just)?"
          + NEXT_LETTER;

  private static final Pattern LEADING =
      Pattern.compile(
          "^[\\s*_\"'`$\\[({<\\\\]*("
              + NAME
              + ")[(\\[{*_\"'`]*([A-Za-z])(?![\\p{L}\\d]|['\u2019]\\p{L})(.*)",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern ALONE =
      Pattern.compile("(?<![\\p{L}\\d'\u2019\\\\])([A-Z])(?![\\p{L}\\d]|['\u2019]\\p{L})");
  private static final Pattern SMALL =
      Pattern.compile("[\\s*_\"'`]*[).:\\]}\u3002\u3001].*|[\\s*_\"'`)\\].:]*", Pattern.DOTALL);
  private static final Pattern JOINED =
      Pattern.compile(
          "(?:[\\s)\\]*_\"'`,.:]*(?:or|and|/|&|\\+|,|\\bto\\b|-)[\\s(\\[*_\"'`,]*"
              + "(?:or |and |maybe |perhaps |possibly )?"
              + NAME
              + "[(\\[*_\"'`]*|[\\s)\\]*_]*[(\\[]?)[A-Z](?![\\p{L}\\d]|['\u2019]\\p{L}).*",
          Pattern.DOTALL);
  private static final Pattern DENIED_BEFORE =
      Pattern.compile(
          "(?:\\bnot|n't(?: be)?|\\bcannot be|\\brul(?:es?|ed|ing) out|\\bexclud\\w+|\\beliminat\\w+|\\bneither|\\bnor|\\bthan|\\bover|\\bunlike|\\binstead of|\\bexcept|\\b(?:all|anything|everything) but|\\bwithout|\\bvitamin|\\bhepatitis|\\bplan|\\btype|\\bgrade)"
              + "\\s+(?:(?:the )?(?:option|choice|answer|letter)\\s+)?[(*_\"'`\\[]*$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DENIED_BEHIND =
      Pattern.compile(
          "^[)\\].*_\"'`]*\\s+(?:is|was|would be|seems)(?:n't| not| (?:too|wrong|incorrect|false|unlikely|out|impossible))\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern TYPE =
      Pattern.compile(
          "\\\\(?:boxed|fbox|text(?:bf|it|rm|sf|normal|tt)?|mbox|mathrm|mathbf|mathit|bf) ?\\{([^{}]*)}");
  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^[ \\t*_\"'`>-]*(?:option |choice )?[(\\[]?([A-Za-z])(?:\u3002|[)\\].:,](?=[\\s*_]|$)|[*_]{1,3}|\\s*$|\\s+(?=(?-i:[A-Z])))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern WEIGHED =
      Pattern.compile(
          "\\b(?:is|are|was|were|would|could|can|has|have|had|does|not|too|wrong|incorrect|unlikely|might|may)\\b|n't\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REASONED =
      Pattern.compile(
          "^[\\s)\\].:,*_\"'`]*(?:because|since|as|is the|\u2014|-)\\b?.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern SENTENCE = Pattern.compile("[^.?!\\n\u3002]*[.?!\\n\u3002]?");
  private static final int MAX_WORDS = 6;
  private static final int MAX_NAME = 4;
  private static final int LENGTH = 1_000;
  private static final int POSITIONAL = 4_000;

  private ChoiceText() {}

  /** What a statement says of the choice asked for. */
  static Reading read(Statement statement, String question) {
    if (statement.words().length() > LENGTH) {
      return statement.mark().isFirm() ? Reading.UNCLEAR : Reading.SILENT;
    }
    Claim claim = Claim.of(plain(statement.words()), statement.denied());
    String said = Claim.withoutReason(claim.words());
    Optional<String> letter = ChoiceLines.of(question).letter(said).or(() -> letter(said));
    boolean hedged = !claim.denied() && isHedged(said);
    if (hedged && letters(said).size() > 1) {
      return Reading.UNCLEAR;
    }
    if (letter.isPresent()) {
      return claim.denied() ? Reading.denied(letter.get()) : Reading.stated(letter.get());
    }
    String words = words(said);
    return switch (statement.mark()) {
      case HASHES, CHOSEN -> Reading.SILENT;
      case BEHIND ->
          claim.denied() || words.isEmpty() || words.split(" ", -1).length > MAX_NAME
              ? Reading.SILENT
              : Reading.supposed(words);
      case NAMED -> claim.denied() || words.isEmpty() ? Reading.SILENT : Reading.supposed(words);
      default ->
          words.isEmpty() || letters(said).size() > 1 ? Reading.UNCLEAR : Reading.stated(words);
    };
  }

  /** The letter a statement names: the leading one, or the only one that it does not deny. */
  static Optional<String> letter(String said) {
    Optional<String> leading = leading(said);
    if (leading.isPresent()) {
      return leading;
    }
    Set<String> letters = letters(said);
    return letters.size() == 1 ? Optional.of(letters.iterator().next()) : Optional.empty();
  }

  private static Optional<String> leading(String said) {
    Matcher leading = LEADING.matcher(said);
    if (!leading.matches()) {
      return Optional.empty();
    }
    String letter = leading.group(2);
    String rest = leading.group(3);
    boolean named = !leading.group(1).isEmpty();
    boolean small = Character.isLowerCase(letter.charAt(0));
    boolean taken =
        small ? named || SMALL.matcher(rest).matches() : named || !isArticle(letter, rest);
    return taken ? Optional.of(letter.toUpperCase(Locale.ROOT)) : Optional.empty();
  }

  /** "A dog" and "I think" begin with words; "A is", "A because", "A." name the letter. */
  private static boolean isArticle(String letter, String rest) {
    return (letter.equals("A")
            && rest.matches(
                "(?s)\\s+(?!(?:because|since|as|and|but|or|is|seems|fits|over|not)\\b)[\"'\u201c]?\\p{Ll}.*"))
        || (letter.equals("I") && rest.matches("(?s)\\s+\\p{Ll}.*"));
  }

  /** The letters that stand alone and are not denied. */
  private static Set<String> letters(String said) {
    Set<String> letters = new LinkedHashSet<>();
    Matcher alone = ALONE.matcher(said);
    while (alone.find()) {
      String rest = said.substring(alone.end(), Math.min(said.length(), alone.end() + 30));
      String before = said.substring(Math.max(0, alone.start() - 40), alone.start());
      if (!isArticle(alone.group(1), rest)
          && !DENIED_BEFORE.matcher(before).find()
          && !DENIED_BEHIND.matcher(rest).find()) {
        letters.add(alone.group(1));
      }
    }
    return letters;
  }

  private static boolean isHedged(String said) {
    Matcher leading = LEADING.matcher(said);
    boolean joined = leading.matches() && JOINED.matcher(leading.group(3)).matches();
    return joined || leading(said).isEmpty();
  }

  /**
   * The choice of a text that is nothing but one: "b", "(C) market", "B because ...". A line that
   * weighs an option is none.
   */
  static Optional<String> whole(String text) {
    if (text.length() > LENGTH) {
      return Optional.empty();
    }
    String said = plain(text.strip());
    if (said.isEmpty() || said.indexOf('\n') >= 0) {
      return Optional.empty();
    }
    Matcher leading = LEADING.matcher(said);
    if (leading.matches()) {
      String rest = leading.group(3);
      boolean brief =
          rest.strip().split("\\s+", -1).length <= MAX_WORDS && !WEIGHED.matcher(rest).find();
      if (isHedged(said) && letters(said).size() > 1) {
        return Optional.empty();
      }
      return brief || REASONED.matcher(rest).matches() ? leading(said) : Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * The choice by position: a line that names one where no other does, else the only letter of the
   * last sentence that has any. Options that are listed or weighed one by one say nothing.
   */
  static Optional<String> last(String text) {
    String said = plain(text.substring(Math.max(0, text.length() - POSITIONAL)));
    Set<String> listed = new TreeSet<>();
    Matcher line = LINE.matcher(said);
    int end = 0;
    while (line.find()) {
      if (leading(said.substring(line.start(), Math.min(said.length(), line.end() + 20)))
          .isPresent()) {
        listed.add(line.group(1).toUpperCase(Locale.ROOT));
        int newline = said.indexOf('\n', line.end());
        end = newline < 0 ? said.length() : newline;
      }
    }
    if (listed.size() == 1) {
      return Optional.of(listed.iterator().next());
    }
    String rest = said.substring(end);
    Optional<String> last = Optional.empty();
    Matcher sentence = SENTENCE.matcher(rest);
    while (sentence.find()) {
      Set<String> letters = letters(sentence.group());
      if (!letters.isEmpty()) {
        last = letters.size() == 1 ? Optional.of(letters.iterator().next()) : Optional.empty();
      } else if (sentence.end() == rest.length() && sentence.group().isEmpty()) {
        break;
      }
    }
    return last;
  }

  /** Without type and Markdown. */
  private static String plain(String text) {
    String plain = text;
    for (int depth = 0; depth < 4 && plain.indexOf('\\') >= 0; depth++) {
      plain = TYPE.matcher(plain).replaceAll("$1");
    }
    return plain.replaceAll("\\\\[()\\[\\]]|[$`]|\\*\\*|__", "");
  }

  /** The words of a choice without case, punctuation and a leading article, for comparison. */
  static String words(String answer) {
    String words = answer.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}' -]", " ");
    return words.replaceAll("\\s+", " ").strip().replaceFirst("^(?:the|an?) (?=\\S)", "");
  }
}
