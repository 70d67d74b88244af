package malt.problem.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The string normalisation that MATH was published with (Hendrycks et al. 2021), rule by rule and
 * with its slips, so that reported numbers can be compared.
 */
final class HendrycksString {
  private static final Pattern SIMPLE_RATIO = Pattern.compile("(0|-?[1-9]\\d*)/(0|-?[1-9]\\d*)");

  private HendrycksString() {}

  /** Equality of the normal forms; of the strings themselves where a rule does not apply. */
  static boolean equal(String a, String b) {
    try {
      return normalize(a).equals(normalize(b));
    } catch (UnreadableException e) {
      return a.equals(b);
    }
  }

  /** The normal form; throws where the original fails. */
  static String normalize(String answer) throws UnreadableException {
    String text =
        answer
            .replace("\n", "")
            .replace("\\!", "")
            .replace("\\\\", "\\")
            .replace("tfrac", "frac")
            .replace("dfrac", "frac")
            .replace("\\left", "")
            .replace("\\right", "")
            .replace("^{\\circ}", "")
            .replace("^\\circ", "")
            .replace("\\$", "");
    text = withoutUnit(text).replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
    if (text.isEmpty()) {
      return text;
    }
    if (text.startsWith(".")) {
      text = "0" + text;
    }
    int equals = text.indexOf('=');
    if (equals >= 0 && equals <= 2 && text.indexOf('=', equals + 1) < 0) {
      text = text.substring(equals + 1);
    }
    text = bracedFractions(bracedRoots(text).replace(" ", ""));
    if (text.equals("0.5")) {
      text = "\\frac{1}{2}";
    }
    Matcher ratio = SIMPLE_RATIO.matcher(text);
    return ratio.matches() ? "\\frac{%s}{%s}".formatted(ratio.group(1), ratio.group(2)) : text;
  }

  private static String withoutUnit(String text) throws UnreadableException {
    int unit = text.indexOf("\\text{ ");
    if (unit < 0) {
      return text;
    }
    if (text.indexOf("\\text{ ", unit + 1) >= 0) {
      throw new UnreadableException("two units");
    }
    return text.substring(0, unit);
  }

  private static String bracedRoots(String text) throws UnreadableException {
    String[] parts = text.split("\\\\sqrt", -1);
    StringBuilder out = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].isEmpty()) {
        throw new UnreadableException("a root of nothing");
      }
      out.append("\\sqrt");
      if (parts[i].charAt(0) == '{') {
        out.append(parts[i]);
      } else {
        out.append('{')
            .append(parts[i].charAt(0))
            .append('}')
            .append(parts[i], 1, parts[i].length());
      }
    }
    return out.toString();
  }

  private static String bracedFractions(String text) throws UnreadableException {
    String[] parts = text.split("\\\\frac", -1);
    StringBuilder out = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        throw new UnreadableException("a fraction of nothing");
      }
      out.append("\\frac");
      if (part.charAt(0) == '{') {
        out.append(part);
      } else if (part.length() < 2) {
        return text;
      } else {
        char under = part.charAt(1);
        out.append('{').append(part.charAt(0)).append('}');
        out.append(under == '{' ? "{" : "{" + under + "}");
        out.append(part, 2, part.length());
      }
    }
    return out.toString();
  }
}
