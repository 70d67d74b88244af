package malt.problem.math;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of units, so that "5 km" is neither 5 k m nor "5 m". */
final class Units {
  private static final Map<String, String> CANONICAL =
      Map.ofEntries(
          Map.entry("m", "meter"),
          Map.entry("metre", "meter"),
          Map.entry("cm", "centimeter"),
          Map.entry("centimetre", "centimeter"),
          Map.entry("mm", "millimeter"),
          Map.entry("km", "kilometer"),
          Map.entry("kilometre", "kilometer"),
          Map.entry("in", "inch"),
          Map.entry("inche", "inch"),
          Map.entry("ft", "foot"),
          Map.entry("feet", "foot"),
          Map.entry("yd", "yard"),
          Map.entry("mi", "mile"),
          Map.entry("kg", "kilogram"),
          Map.entry("mg", "milligram"),
          Map.entry("lb", "pound"),
          Map.entry("oz", "ounce"),
          Map.entry("sec", "second"),
          Map.entry("min", "minute"),
          Map.entry("hr", "hour"),
          Map.entry("deg", "degree"),
          Map.entry("mph", "mph"),
          Map.entry("mile per hour", "mph"),
          Map.entry("am", "a.m"),
          Map.entry("pm", "p.m"));

  /** Short words read as units where they stand without markup; longer words need no list. */
  private static final Set<String> SHORT =
      Set.of(
          "cm", "mm", "km", "in", "ft", "yd", "mi", "kg", "mg", "lb", "lbs", "oz", "sec", "min",
          "hr", "hrs", "deg", "mph", "am", "pm", "pct", "ml");

  private Units() {}

  static boolean isShort(String word) {
    return SHORT.contains(word);
  }

  static boolean isPercent(String words) {
    String word = words.strip().toLowerCase(Locale.ROOT);
    return word.equals("percent") || word.equals("pct") || word.equals("percentage");
  }

  /**
   * One name for a unit's spellings; empty for those that say nothing ("units", "square units").
   */
  static String canonical(String words) {
    String unit = words.strip().toLowerCase(Locale.ROOT);
    while (unit.endsWith(".")) {
      unit = unit.substring(0, unit.length() - 1);
    }
    if (unit.length() > 2 && unit.endsWith("s")) {
      unit = unit.substring(0, unit.length() - 1);
    }
    if (unit.endsWith("unit")) {
      return "";
    }
    return CANONICAL.getOrDefault(unit, unit);
  }
}
