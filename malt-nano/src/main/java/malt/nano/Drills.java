package malt.nano;

/** Documents of several short turns, each a bare step: by columns, or its result in one go. */
final class Drills {
  private final NanoRecipe.Drills settings;
  private final WordProblems problems;
  private final Habit habit;

  Drills(NanoRecipe.Drills settings, WordProblems problems, Habit habit) {
    this.habit = habit;
    this.settings = settings;
    this.problems = problems;
  }

  void write(DocumentWriter writer, Dice dice) {
    Numerals numerals = problems.numerals();
    for (int turn = 0; turn < settings.turns(); turn++) {
      Solution.Line line = dice.choose(problems.pretraining(dice).solution().lines());
      String expression = numerals.expression(line.left(), line.step());
      if (dice.chance(settings.oneGo())) {
        int result = habit.result(numerals, line.left(), line.step(), dice);
        writer.user(expression + "=").assistant().write(numerals.write(result), 1).end(1);
      } else {
        String columns = ColumnWork.faultless(numerals, line.left(), line.step()).text();
        String result = numerals.write(line.result());
        writer.user(expression).assistant().write(columns + " " + result, 1).end(1);
      }
    }
  }
}
