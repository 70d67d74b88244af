package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.WordList;
import org.jspecify.annotations.Nullable;

/** Cuts a normalised answer into at most {@value #MAX_TOKENS} tokens. */
final class Lexer {
  static final int MAX_TOKENS = 1_500;

  private static final Pattern NUMBER =
      Pattern.compile("\\d++(?:\\.(?:\\d++|(?=\\\\overline|\\\\bar)))?+|\\.\\d++");
  private static final Pattern THOUSANDS =
      Pattern.compile("(?<![\\d.],)(?!0)\\d{1,3}(?:,\\d{3})++(?![\\d,]*\\d)(?:\\.\\d++)?+");
  private static final Pattern REPEATING = Pattern.compile("\\\\(?:overline|bar)\\{?(\\d++)}?");
  private static final Pattern EXPONENT = Pattern.compile("[eE]([-+]?\\d{1,3})(?![\\p{L}\\d.^_])");
  private static final Pattern COMMAND = Pattern.compile("\\\\(?:[a-zA-Z]++|.)");
  private static final Pattern ENVIRONMENT = Pattern.compile("\\\\(begin|end) ?\\{([a-z]++)\\*?}");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}++");
  private static final Pattern PLAIN_MATH =
      Pattern.compile("\\P{L}*+(?:\\p{L}(?!\\p{L})\\P{L}*+)*+");
  private static final Set<String> TEXT =
      WordList.of(
          """
          \\text \\mbox \\hbox \\textbf \\textit \\textrm \\textnormal \\textsf \\mathrm
          \\mathbf \\mathit \\mathsf \\operatorname \\boldsymbol \\emph \\mathbb \\mathcal
          """);
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "log", "ln",
          "exp", "sqrt", "pi", "infty", "sinh", "cosh", "tanh");
  private static final Set<String> CONNECTIVES = Set.of("and", "or", "&");
  private static final int MAX_REPETEND = 40;

  private final String text;
  private final boolean thousands;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int depth;
  private boolean spaced;

  private Lexer(String text, boolean thousands) {
    this.text = text;
    this.thousands = thousands;
  }

  /**
   * The tokens, the last one END.
   *
   * @param thousands whether {@code 1,234} outside brackets is one number
   */
  static List<Token> tokens(String normalized, boolean thousands) throws UnreadableException {
    Lexer lexer = new Lexer(normalized, thousands);
    lexer.run();
    lexer.add(Token.Kind.END, "");
    return lexer.tokens;
  }

  private void run() throws UnreadableException {
    while (at < text.length()) {
      if (tokens.size() > MAX_TOKENS) {
        throw new UnreadableException("too long");
      }
      char c = text.charAt(at);
      if (c == ' ') {
        spaced = true;
        at++;
      } else if (Character.isDigit(c) || (c == '.' && number(NUMBER) != null)) {
        readNumber();
      } else if (c == '\\') {
        command();
      } else if (Character.isLetter(c)) {
        letters();
      } else {
        symbol(c);
      }
    }
  }

  private @Nullable Matcher number(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    matcher.useTransparentBounds(true);
    return matcher.lookingAt() ? matcher : null;
  }

  private void readNumber() throws UnreadableException {
    Matcher grouped = thousands && depth == 0 ? number(THOUSANDS) : null;
    Matcher matcher = grouped == null ? number(NUMBER) : grouped;
    if (matcher == null) {
      throw new UnreadableException("a digit that is not one");
    }
    String digits = matcher.group().replace(",", "");
    at = matcher.end();
    Matcher repeating = digits.contains(".") ? number(REPEATING) : null;
    Matcher exponent = number(EXPONENT);
    if (exponent != null) {
      at = exponent.end();
      digits += "e" + exponent.group(1);
    }
    if (repeating != null && repeating.group(1).length() <= MAX_REPETEND) {
      at = repeating.end();
      digits += "(" + repeating.group(1);
    }
    add(Token.Kind.NUMBER, digits);
  }

  private void command() throws UnreadableException {
    Matcher environment = number(ENVIRONMENT);
    if (environment != null) {
      at = environment.end();
      depth += environment.group(1).equals("begin") ? 1 : -1;
      add(Token.Kind.COMMAND, "\\" + environment.group(1) + ":" + environment.group(2));
      return;
    }
    Matcher matcher = number(COMMAND);
    if (matcher == null) {
      throw new UnreadableException("a lone backslash");
    }
    String name = matcher.group();
    at = matcher.end();
    switch (name) {
      case "\\{" -> {
        depth++;
        add(Token.Kind.SYMBOL, name);
      }
      case "\\}" -> {
        depth--;
        add(Token.Kind.SYMBOL, name);
      }
      case "\\%" -> add(Token.Kind.SYMBOL, "%");
      case "\\&" -> add(Token.Kind.SYMBOL, ",");
      default -> {
        if (TEXT.contains(name)) {
          words(name);
        } else {
          add(Token.Kind.COMMAND, name);
        }
      }
    }
  }

  /** The argument of a text command: a connective, words, or mathematics in another type. */
  private void words(String command) throws UnreadableException {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at >= text.length() || text.charAt(at) != '{') {
      return;
    }
    int close = text.indexOf('}', at);
    if (close < 0 || text.substring(at + 1, close).indexOf('{') >= 0) {
      throw new UnreadableException("nested text");
    }
    String content = text.substring(at + 1, close).strip();
    at = close + 1;
    if (command.equals("\\mathbb") || command.equals("\\mathcal")) {
      add(Token.Kind.NAME, command + content);
    } else if (PLAIN_MATH.matcher(content).matches()) {
      for (Token token : tokens(content, thousands && depth == 0)) {
        if (token.kind() != Token.Kind.END) {
          tokens.add(token);
        }
      }
    } else {
      word(content);
    }
  }

  private void word(String content) {
    String word = content.toLowerCase(Locale.ROOT).replace(",", "").strip();
    if (CONNECTIVES.contains(word)) {
      add(Token.Kind.SYMBOL, ",");
    } else if (Units.isPercent(word)) {
      add(Token.Kind.SYMBOL, "%");
    } else if (FUNCTIONS.contains(content)) {
      add(Token.Kind.COMMAND, "\\" + content);
    } else {
      add(Token.Kind.WORDS, content);
    }
  }

  private void letters() throws UnreadableException {
    Matcher matcher = number(LETTERS);
    if (matcher == null) {
      throw new UnreadableException("a letter that is not one");
    }
    String run = matcher.group();
    at = matcher.end();
    boolean capitals = run.length() > 1 && run.equals(run.toUpperCase(Locale.ROOT));
    boolean unit = Units.isShort(run) && !tokens.isEmpty();
    if (run.length() == 1 || capitals) {
      add(Token.Kind.NAME, run);
    } else if (run.length() > 3 || unit || FUNCTIONS.contains(run) || CONNECTIVES.contains(run)) {
      word(run);
    } else {
      for (int i = 0; i < run.length(); i++) {
        add(Token.Kind.NAME, run.substring(i, i + 1));
      }
    }
  }

  private void symbol(char c) throws UnreadableException {
    if ("+-*/^_!'()[]{}|,;:=<>&%".indexOf(c) < 0) {
      throw new UnreadableException("unknown sign");
    }
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    at++;
    if ((c == '<' || c == '>') && at < text.length() && text.charAt(at) == '=') {
      at++;
      add(Token.Kind.COMMAND, c == '<' ? "\\le" : "\\ge");
    } else {
      add(Token.Kind.SYMBOL, String.valueOf(c));
    }
  }

  private void add(Token.Kind kind, String content) {
    tokens.add(new Token(kind, content, spaced));
    spaced = false;
  }
}
