package malt.torch.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into text and tags, with trim_blocks and lstrip_blocks on: the newline after a
 * block tag goes, and so does the indentation before one. One newline at the very end goes too.
 */
final class Lexer {
  private static final List<String> OPERATORS =
      List.of(
          "==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ",", ":", ".", "|", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private boolean stripText;
  private int lineCount = 1;
  private int lineCountedTo;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokenize(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int tag = nextTag(position);
      String text = source.substring(position, tag < 0 ? source.length() : tag);
      if (tag < 0) {
        addText(stripText ? PythonText.stripLeft(text) : text, position);
        break;
      }
      addText(trimmed(text, tag), position);
      stripText = false;
      position = tag;
      if (source.charAt(tag + 1) == '#') {
        skipComment();
      } else {
        readTag(source.charAt(tag + 1) == '%');
      }
    }
    tokens.add(new Token(Token.Kind.END, "end of template", lineAt(source.length())));
  }

  private void addText(String text, int at) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Token.Kind.TEXT, text, lineAt(at)));
    }
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The text before the tag at {@code tag}, less what the tags on both sides take from it. */
  private String trimmed(String text, int tag) {
    String result = stripText ? PythonText.stripLeft(text) : text;
    char mark = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    if (mark == '-') {
      return PythonText.stripRight(result);
    }
    if (mark == '+' || source.charAt(tag + 1) == '{') {
      return result;
    }
    int lineStart = result.lastIndexOf('\n') + 1;
    boolean startsLine = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
    return startsLine && PythonText.isBlank(result, lineStart)
        ? result.substring(0, lineStart)
        : result;
  }

  private void skipComment() {
    int end = source.indexOf("#}", position + 2);
    if (end < 0) {
      throw new TemplateException("the comment {# is not closed", lineAt(position));
    }
    char mark = end - 1 > position + 2 ? source.charAt(end - 1) : ' ';
    position = end + 2;
    afterTag(mark, true);
  }

  /** What the end of a tag does to the text after it. */
  private void afterTag(char mark, boolean block) {
    if (mark == '-') {
      stripText = true;
    } else if (block
        && mark != '+'
        && position < source.length()
        && source.charAt(position) == '\n') {
      position++;
    }
  }

  private void readTag(boolean block) {
    int start = position;
    String close = block ? "%}" : "}}";
    tokens.add(
        new Token(
            block ? Token.Kind.BLOCK_BEGIN : Token.Kind.VARIABLE_BEGIN,
            source.substring(start, start + 2),
            lineAt(start)));
    position += 2;
    if (position < source.length() && "-+".indexOf(source.charAt(position)) >= 0) {
      position++;
    }
    readCode(close);
    char mark = source.charAt(position);
    boolean marked = mark == '-' || mark == '+';
    tokens.add(
        new Token(block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END, close, lineAt(position)));
    position += marked ? 3 : 2;
    afterTag(marked ? mark : ' ', block);
  }

  /** Reads the tokens of a tag up to its closing mark, a preceding - or + included. */
  private void readCode(String close) {
    int firstLine = lineAt(position);
    while (position < source.length()) {
      char c = source.charAt(position);
      if (open.isEmpty() && atClose(close)) {
        return;
      }
      if (PythonText.isSpace(c)) {
        position++;
      } else if (c == '"' || c == '\'') {
        readString(c);
      } else if (Character.isDigit(c)) {
        readNumber();
      } else if (Character.isJavaIdentifierStart(c) && c != '$') {
        readName();
      } else {
        readOperator();
      }
    }
    throw new TemplateException("a tag is not closed by " + close, firstLine);
  }

  private boolean atClose(String close) {
    char c = source.charAt(position);
    return source.startsWith(close, position)
        || ((c == '-' || c == '+') && source.startsWith(close, position + 1));
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, lineAt(position)));
  }

  private void readString(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException("a string is not closed", lineAt(position));
    }
    String raw = source.substring(position + 1, end);
    try {
      add(Token.Kind.STRING, PythonText.unescape(raw));
    } catch (Refusal refusal) {
      throw new TemplateException(String.valueOf(refusal.getMessage()), lineAt(position));
    }
    position = end + 1;
  }

  private void readNumber() {
    int end = position;
    boolean real = false;
    while (end < source.length()) {
      char c = source.charAt(end);
      boolean point =
          c == '.'
              && !real
              && end + 1 < source.length()
              && Character.isDigit(source.charAt(end + 1));
      if (!Character.isDigit(c) && c != '_' && !point) {
        break;
      }
      real |= point;
      end++;
    }
    if (end < source.length() && Character.isLetter(source.charAt(end))) {
      throw new TemplateException(
          "the number '" + source.substring(position, end + 1) + "...' is not supported",
          lineAt(position));
    }
    String digits = source.substring(position, end).replace("_", "");
    add(real ? Token.Kind.FLOAT : Token.Kind.INTEGER, digits);
    position = end;
  }

  private void readName() {
    int end = position;
    while (end < source.length()
        && Character.isJavaIdentifierPart(source.charAt(end))
        && source.charAt(end) != '$') {
      end++;
    }
    add(Token.Kind.NAME, source.substring(position, end));
    position = end;
  }

  private void readOperator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        balance(operator.charAt(0));
        add(Token.Kind.OPERATOR, operator);
        position += operator.length();
        return;
      }
    }
    throw new TemplateException(
        "unexpected character '" + source.charAt(position) + "'", lineAt(position));
  }

  private void balance(char c) {
    if (c == '(' || c == '[' || c == '{') {
      open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.isEmpty() || open.pop() != c) {
        throw new TemplateException("unexpected '" + c + "'", lineAt(position));
      }
    }
  }

  private int lineAt(int offset) {
    for (; lineCountedTo < offset; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        lineCount++;
      }
    }
    return lineCount;
  }
}
