package malt.torch.text.jinja;

/** Python's notions of white space, escapes and quoted text. */
final class PythonText {
  private PythonText() {}

  /** Whether {@code str.isspace} holds; wider than Java's notion (a no-break space counts). */
  static boolean isSpace(int c) {
    return c == ' '
        || (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1f)
        || c == 0x85
        || Character.isSpaceChar(c);
  }

  static String strip(String text) {
    return stripLeft(stripRight(text));
  }

  static String stripLeft(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  static String stripRight(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static boolean isBlank(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The value of a string literal's inside; an escape Python does not know keeps its backslash. */
  static String unescape(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\' || i + 1 == raw.length()) {
        out.append(c);
        continue;
      }
      char escape = raw.charAt(++i);
      int width = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
      if (width > 0) {
        out.appendCodePoint(hexadecimal(raw, i + 1, width));
        i += width;
      } else if (escape != '\n') {
        int known = "ntrbfv\\'\"a".indexOf(escape);
        if (known < 0 && (Character.isDigit(escape) || escape == 'N')) {
          throw new Refusal("the escape \\" + escape + " is not supported");
        }
        if (known < 0) {
          out.append('\\');
        }
        out.append(known < 0 ? escape : "\n\t\r\b\f\u000b\\'\"\u0007".charAt(known));
      }
    }
    return out.toString();
  }

  private static int hexadecimal(String raw, int start, int width) {
    try {
      int value = Integer.parseInt(raw.substring(start, start + width), 16);
      if (Character.isValidCodePoint(value)) {
        return value;
      }
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new Refusal("a string holds a broken \\x or \\u escape");
    }
    throw new Refusal("a string holds an escape beyond U+10FFFF");
  }

  /** Python's {@code repr} of a string. */
  static String quote(String text) {
    char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(mark);
    text.codePoints()
        .forEach(
            c -> {
              int escape = "\n\t\r\\".indexOf(c);
              if (escape >= 0) {
                out.append('\\').append("ntr\\".charAt(escape));
              } else if (c == mark) {
                out.append('\\').append(mark);
              } else if (!isPrintable(c)) {
                String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                out.append(form.formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append(mark).toString();
  }

  /** {@code str.isprintable} of one character. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.UNASSIGNED ->
          throw new Refusal("printing the unassigned character U+%04X".formatted(c));
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
