package malt.app.progress;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of a progress line. */
final class ProgressLine {
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 24;

  private ProgressLine() {}

  /** The parts that are not empty, two spaces between them. */
  static String join(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("  "));
  }

  /** Stage, bar and text in at most {@code columns} columns; the bar gives way first. */
  static String withBar(String stage, double share, String text, int columns) {
    int room = columns - stage.length() - text.length() - 4;
    String line =
        room < SHORTEST_BAR
            ? join(stage, text)
            : join(stage, bar(share, Math.min(room, LONGEST_BAR)), text);
    return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
  }

  private static String bar(double share, int width) {
    int full = (int) Math.floor(share * width);
    return "━".repeat(full) + "╌".repeat(width - full);
  }

  /** 27300 as "27,300". */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Three significant digits at most: 812, 41k, 1.1M, 2.3G. */
  static String rounded(long number) {
    if (number < 1_000) {
      return Long.toString(number);
    }
    double scaled = number;
    int power = 0;
    while (scaled >= 999.5 && power < 3) {
      scaled /= 1000;
      power++;
    }
    return String.format(
        Locale.ROOT, scaled < 9.95 ? "%.1f%c" : "%.0f%c", scaled, " kMG".charAt(power));
  }

  /** 38s, 4m 05s, 2h 11m. */
  static String duration(double seconds) {
    long whole = Math.round(Math.max(0, seconds));
    if (whole < 60) {
      return whole + "s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%dm %02ds", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%dh %02dm", whole / 3600, whole / 60 % 60);
  }
}
