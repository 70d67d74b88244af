package malt.nano;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A conversation read back from a document's text and weights, as a model sees it. */
record Conversation(
    String question,
    List<String> solution,
    String critique,
    String refinement,
    List<Double> resultWeights,
    double choiceWeight,
    double revisionWeight) {
  private static final Pattern LAYOUT =
      Pattern.compile(
          "<\\|bos\\|><\\|user\\|>([^<]+)<\\|assistant\\|>([^<]+)<\\|eos\\|>"
              + "<\\|user\\|>Check the answer\\.<\\|assistant\\|>([^<]+)<\\|eos\\|>"
              + "<\\|user\\|>Improve the answer\\.<\\|assistant\\|>([^<]+)<\\|eos\\|>");
  private static final Pattern CHECK =
      Pattern.compile("(\\d): ((?:\\S+ )+)(\\d+)/(\\d+) (ok|wrong)");

  /** A step checked by columns. */
  record Check(int step, List<String> columns, String computed, String stated, boolean wrong) {}

  static Optional<Conversation> of(Document document) {
    Matcher layout = LAYOUT.matcher(document.text());
    if (!layout.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Conversation(
            layout.group(1),
            unnumbered(layout.group(2)),
            layout.group(3),
            layout.group(4),
            resultWeights(document, layout.start(2), layout.end(2)),
            weight(document, layout.start(3)),
            weight(document, layout.start(4))));
  }

  /** Lines without their numbers, which must count up by one. */
  static List<String> unnumbered(String text) {
    List<String> lines = new ArrayList<>();
    int number = -1;
    for (String line : text.split("\n")) {
      if (line.startsWith("####")) {
        lines.add(line);
        continue;
      }
      int found = Integer.parseInt(line.substring(0, 1));
      if (!line.startsWith(found + ": ") || (number >= 0 && found != number + 1)) {
        throw new AssertionError("lines out of order: " + text);
      }
      number = found;
      lines.add(line.substring(3));
    }
    return lines;
  }

  private static List<Double> resultWeights(Document document, int start, int end) {
    String text = document.text();
    List<Double> weights = new ArrayList<>();
    for (int at = text.indexOf('=', start); at >= 0 && at < end; at = text.indexOf('=', at + 1)) {
      weights.add(weight(document, at + 1));
    }
    return weights;
  }

  /** The loss weight of the character at {@code position}. */
  static double weight(Document document, int position) {
    int end = 0;
    for (Segment segment : document.segments()) {
      end += segment.text().length();
      if (position < end) {
        return segment.lossWeight();
      }
    }
    throw new AssertionError("beyond the document: " + position);
  }

  boolean practice() {
    return choiceWeight == 0;
  }

  int steps() {
    return solution.size() - 1;
  }

  /** 0-based step whose line is false; -1 for a right solution. */
  int wrongStep() {
    for (int step = 0; step < steps(); step++) {
      if (!result(step).equals(stated(step))) {
        return step;
      }
    }
    return -1;
  }

  String stated(int step) {
    return solution.get(step).split("=")[1];
  }

  /** The right result of a line's own numbers, as wide as they are and without a last carry. */
  String result(int step) {
    return result(solution.get(step));
  }

  static String result(String line) {
    Matcher parts = Pattern.compile("(\\d+)([-+*])(\\d+)=.*").matcher(line);
    if (!parts.matches()) {
      throw new AssertionError("not a line: " + line);
    }
    int left = Integer.parseInt(parts.group(1));
    int right = Integer.parseInt(parts.group(3));
    int value =
        switch (parts.group(2)) {
          case "+" -> left + right;
          case "-" -> left - right;
          default -> left * right;
        };
    int width = parts.group(1).length();
    return String.format("%0" + width + "d", Math.floorMod(value, (int) Math.pow(10, width)));
  }

  String answer() {
    return solution.get(steps()).substring("#### ".length());
  }

  boolean approves() {
    return critique.equals("Looks good.");
  }

  boolean vague() {
    return critique.startsWith("Step ");
  }

  List<Check> checks() {
    if (approves() || vague()) {
      return List.of();
    }
    List<Check> checks = new ArrayList<>();
    for (String line : critique.split("\n")) {
      Matcher parts = CHECK.matcher(line);
      if (!parts.matches()) {
        throw new AssertionError("not a check: " + line);
      }
      checks.add(
          new Check(
              Integer.parseInt(parts.group(1)) - 1,
              List.of(parts.group(2).trim().split(" ")),
              parts.group(3),
              parts.group(4),
              parts.group(5).equals("wrong")));
    }
    return checks;
  }

  /** The check that found a step wrong; always the last one. */
  Optional<Check> blame() {
    return checks().stream().filter(Check::wrong).findFirst();
  }

  boolean keeps() {
    return refinement.startsWith("Keep.");
  }

  /** 0-based step from which the refinement redoes the solution. */
  int redoneStep() {
    return Integer.parseInt(refinement.substring(0, 1)) - 1;
  }

  /** The lines of a redo, without their numbers. */
  List<String> redoneLines() {
    return unnumbered(refinement);
  }
}
