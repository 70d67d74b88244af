package malt.app.nano;

/** Documents of several short turns, each a bare step: by columns, or its result in one go. */
final class Drills {
  private final NanoRecipe.Drills settings;
  private final WordProblems problems;

  Drills(NanoRecipe.Drills settings, WordProblems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  void write(DocumentWriter writer, Dice dice) {
    Numerals numerals = problems.numerals();
    for (int turn = 0; turn < settings.turns(); turn++) {
      Solution.Line line = dice.choose(problems.pretraining(dice).solution().lines());
      String expression = numerals.expression(line.left(), line.step());
      String result = numerals.write(line.result());
      if (dice.chance(settings.oneGo())) {
        writer.user(expression + "=").assistant().write(result, 1).end(1);
      } else {
        String columns = ColumnWork.faultless(numerals, line.left(), line.step()).text();
        writer.user(expression).assistant().write(columns + " " + result, 1).end(1);
      }
    }
  }
}
