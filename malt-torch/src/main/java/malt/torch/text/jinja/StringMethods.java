package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import malt.WordList;

/** The methods of Python's str. */
final class StringMethods {
  /** All of them; a name that is not one is an undefined attribute. */
  static final Set<String> NAMES =
      WordList.of(
          """
          capitalize casefold center count encode endswith expandtabs find format format_map
          index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric
          isprintable isspace istitle isupper join ljust lower lstrip maketrans partition
          removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip
          split splitlines startswith strip swapcase title translate upper zfill
          """);

  /** Those of them that take no arguments. */
  private static final Set<String> BARE =
      Set.of("upper", "lower", "title", "capitalize", "isdigit", "isspace");

  private StringMethods() {}

  static Object call(String text, String name, Arguments arguments) {
    if (BARE.contains(name)) {
      arguments.of(name);
    }
    return switch (name) {
      case "strip", "lstrip", "rstrip" ->
          strip(text, name, arguments.of(name, "chars").get(0, "chars", None.NONE));
      case "split", "rsplit" ->
          split(text, name.equals("rsplit"), arguments.of(name, "sep", "maxsplit"));
      case "startswith", "endswith" -> edge(text, name, arguments.of(name, "affix"));
      case "replace" -> replace(text, arguments.of(name, "old", "new", "count"));
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> capitalize(text);
      case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
      case "isspace" -> !text.isEmpty() && text.codePoints().allMatch(PythonText::isSpace);
      case "find" -> find(text, arguments.of(name, "sub"));
      case "count" -> count(text, arguments.of(name, "sub"));
      case "join" -> join(text, arguments.of(name, "iterable"));
      case "removeprefix" -> {
        String prefix = arguments.of(name, "prefix").text(0, "prefix");
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = arguments.of(name, "suffix").text(0, "suffix");
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "format" -> Format.apply(text, arguments);
      default -> throw new Refusal("the string method '" + name + "' is not supported");
    };
  }

  static String strip(String text, String side, Object characters) {
    String set = characters instanceof None ? "" : Values.toText(characters);
    int from = 0;
    int to = text.length();
    if (!(characters instanceof None) && set.isEmpty()) {
      return text;
    }
    while (!side.equals("rstrip") && from < to && strips(set, text.charAt(from))) {
      from++;
    }
    while (!side.equals("lstrip") && to > from && strips(set, text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean strips(String set, char c) {
    return set.isEmpty() ? PythonText.isSpace(c) : set.indexOf(c) >= 0;
  }

  private static Object split(String text, boolean fromRight, Arguments arguments) {
    Object separator = arguments.get(0, "sep", None.NONE);
    long limit = arguments.integer(1, "maxsplit", -1);
    List<Object> parts = new ArrayList<>();
    if (separator instanceof None) {
      if (limit >= 0) {
        throw new Refusal("split at white space with a limit is not supported");
      }
      int start = -1;
      for (int i = 0; i <= text.length(); i++) {
        boolean space = i == text.length() || PythonText.isSpace(text.charAt(i));
        if (space && start >= 0) {
          parts.add(text.substring(start, i));
          start = -1;
        } else if (!space && start < 0) {
          start = i;
        }
      }
      return parts;
    }
    String mark = arguments.text(0, "sep");
    if (mark.isEmpty()) {
      throw new Refusal("split at an empty separator");
    }
    String rest = text;
    for (int at = next(rest, mark, fromRight);
        at >= 0 && limit != 0;
        at = next(rest, mark, fromRight), limit--) {
      parts.add(
          fromRight ? 0 : parts.size(), fromRight ? after(rest, at, mark) : rest.substring(0, at));
      rest = fromRight ? rest.substring(0, at) : after(rest, at, mark);
    }
    parts.add(fromRight ? 0 : parts.size(), rest);
    return parts;
  }

  private static int next(String text, String mark, boolean fromRight) {
    return fromRight ? text.lastIndexOf(mark) : text.indexOf(mark);
  }

  private static String after(String text, int at, String mark) {
    return text.substring(at + mark.length());
  }

  private static Object edge(String text, String name, Arguments arguments) {
    Object affix = arguments.get(0, "affix", None.NONE);
    List<Object> choices = affix instanceof Tuple tuple ? tuple : List.of(affix);
    for (Object choice : choices) {
      if (!(choice instanceof String part)) {
        throw new Refusal(name + " needs a string");
      }
      if (name.equals("startswith") ? text.startsWith(part) : text.endsWith(part)) {
        return true;
      }
    }
    return false;
  }

  private static Object replace(String text, Arguments arguments) {
    String old = arguments.text(0, "old");
    String fresh = arguments.text(1, "new");
    if (arguments.has(2, "count") || old.isEmpty()) {
      throw new Refusal("replace with a count, or of an empty string, is not supported");
    }
    return text.replace(old, fresh);
  }

  private static Object find(String text, Arguments arguments) {
    int at = text.indexOf(arguments.text(0, "sub"));
    return at < 0 ? -1L : (long) text.codePointCount(0, at);
  }

  private static Object count(String text, Arguments arguments) {
    String part = arguments.text(0, "sub");
    if (part.isEmpty()) {
      throw new Refusal("count of an empty string is not supported");
    }
    return (long) (text.length() - text.replace(part, "").length()) / part.length();
  }

  private static Object join(String text, Arguments arguments) {
    List<String> parts = new ArrayList<>();
    for (Object item : Values.iterate(arguments.get(0, "iterable", None.NONE))) {
      if (!(item instanceof String part)) {
        throw new Refusal("join needs strings, not a " + Values.typeName(item));
      }
      parts.add(part);
    }
    return String.join(text, parts);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return out.toString();
  }
}
