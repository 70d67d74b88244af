package malt.app.progress;

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
}
