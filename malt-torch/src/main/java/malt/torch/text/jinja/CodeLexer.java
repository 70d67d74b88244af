package malt.torch.text.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads the tokens between the marks of one tag. */
final class CodeLexer {
  private static final List<String> OPERATORS =
      List.of(
          "==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ",", ":", ".", "|", ";");

  private final String source;
  private final List<Token> tokens;
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int line;

  CodeLexer(String source, int position, int line, List<Token> tokens) {
    this.source = source;
    this.position = position;
    this.line = line;
    this.tokens = tokens;
  }

  /** Reads up to the closing mark; returns its offset, a preceding - or + included. */
  int readUntil(String close) {
    int firstLine = line;
    while (position < source.length()) {
      char c = source.charAt(position);
      if (open.isEmpty() && atClose(close)) {
        return position;
      }
      if (PythonText.isSpace(c)) {
        line += c == '\n' ? 1 : 0;
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
    tokens.add(new Token(kind, text, line));
  }

  private void readString(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException("a string is not closed", line);
    }
    String raw = source.substring(position + 1, end);
    try {
      add(Token.Kind.STRING, PythonText.unescape(raw));
    } catch (Refusal refusal) {
      throw new TemplateException(String.valueOf(refusal.getMessage()), line);
    }
    line += (int) raw.chars().filter(c -> c == '\n').count();
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
          "the number '" + source.substring(position, end + 1) + "...' is not supported", line);
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
    throw new TemplateException("unexpected character '" + source.charAt(position) + "'", line);
  }

  private void balance(char c) {
    if (c == '(' || c == '[' || c == '{') {
      open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.isEmpty() || open.pop() != c) {
        throw new TemplateException("unexpected '" + c + "'", line);
      }
    }
  }
}
