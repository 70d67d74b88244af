package malt.nano;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A worked answer as the generator writes it: a line a step, each result in one go. */
public record Solution(Numerals numerals, List<Line> lines) {
  /** "left operation operand = result". */
  public record Line(int left, Step step, int result) {}

  public Solution {
    lines = List.copyOf(lines);
  }

  /** The solution without a mistake. */
  static Solution gold(Numerals numerals, int start, List<Step> steps) {
    return new Solution(numerals, continued(numerals, start, steps, Habit.NONE, new Dice(0)));
  }

  /** This problem's solution as a habit writes it. */
  Solution written(Habit habit, Dice dice) {
    List<Step> steps = lines.stream().map(Line::step).toList();
    return new Solution(numerals, continued(numerals, lines.get(0).left(), steps, habit, dice));
  }

  /**
   * This solution with another result of step {@code index} (0-based), and the steps after it as a
   * habit writes them.
   */
  Solution redone(int index, int result, Habit habit, Dice dice) {
    List<Line> changed = new ArrayList<>(lines.subList(0, index));
    Line line = lines.get(index);
    changed.add(new Line(line.left(), line.step(), result));
    List<Step> rest = lines.subList(index + 1, lines.size()).stream().map(Line::step).toList();
    changed.addAll(continued(numerals, result, rest, habit, dice));
    return new Solution(numerals, changed);
  }

  /**
   * The right result of step {@code index} (0-based), given the value the solution starts it from.
   */
  int recomputed(int index) {
    Line line = lines.get(index);
    return numerals.apply(line.left(), line.step());
  }

  /** The final value, zero-padded. */
  String answer() {
    return numerals.write(lines.get(lines.size() - 1).result());
  }

  /** "1: 047+385=432\n2: 432-100=332\n#### 332". */
  String text() {
    return textFrom(0);
  }

  /** Step {@code index} (0-based) before its "=". */
  String expression(int index) {
    return expression(lines.get(index));
  }

  /** The stated result of step {@code index} (0-based), zero-padded. */
  String result(int index) {
    return numerals.write(lines.get(index).result());
  }

  /** The lines from step {@code index} (0-based) on, each with its number, then the answer. */
  String textFrom(int index) {
    return IntStream.range(index, lines.size())
            .mapToObj(i -> label(i) + expression(i) + "=" + result(i) + "\n")
            .collect(Collectors.joining())
        + "#### "
        + answer();
  }

  /** How line {@code index} (0-based) begins: "2: ". */
  static String label(int index) {
    return (index + 1) + ": ";
  }

  /** Start, operations and operands, "012+035-004*3": what makes a problem this one. */
  String signature() {
    StringBuilder text = new StringBuilder(numerals.write(lines.get(0).left()));
    for (Line line : lines) {
      text.append(line.step().operation().sign()).append(numerals.operand(line.step()));
    }
    return text.toString();
  }

  private String expression(Line line) {
    return numerals.expression(line.left(), line.step());
  }

  private static List<Line> continued(
      Numerals numerals, int start, List<Step> steps, Habit habit, Dice dice) {
    List<Line> lines = new ArrayList<>();
    int value = start;
    for (Step step : steps) {
      int result = habit.result(numerals, value, step, dice);
      lines.add(new Line(value, step, result));
      value = result;
    }
    return lines;
  }
}
