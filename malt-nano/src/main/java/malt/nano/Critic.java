package malt.nano;

/**
 * Writes critiques with the recipe's noise. Which kind is written and which step a check starts
 * with never depend on whether the solution is right, except in skill practice, where that choice
 * carries no loss.
 */
final class Critic {
  static final String REQUEST = "Check the answer.";
  static final String APPROVAL = "Looks good.";

  private final NanoRecipe.Critique settings;
  private final double verdictWeight;

  Critic(NanoRecipe.Critique settings, double verdictWeight) {
    this.settings = settings;
    this.verdictWeight = verdictWeight;
  }

  static String vague(int index) {
    return "Step " + (index + 1) + " is wrong.";
  }

  /** A critique as the base is meant to write it: every token is a target. */
  Critique write(Solution solution, DocumentWriter writer, Dice dice) {
    int steps = solution.lines().size();
    double kind = dice.uniform();
    if (kind < settings.approval()) {
      writer.write(APPROVAL, 1).end(1);
      return Critique.UNBLAMED;
    }
    if (kind < settings.approval() + settings.vague()) {
      int blamed = dice.below(steps);
      writer.write(vague(blamed), 1).end(1);
      return new Critique(Critique.Kind.VAGUE, blamed, -1);
    }
    return check(solution, dice.below(steps), 1, writer, dice);
  }

  /** A check that starts with step {@code first}; the choice of it has weight {@code choice}. */
  Critique check(Solution solution, int first, double choice, DocumentWriter writer, Dice dice) {
    Numerals numerals = solution.numerals();
    for (int index = first; ; index++) {
      Solution.Line line = solution.lines().get(index);
      ColumnWork work = ColumnWork.of(numerals, line.left(), line.step(), settings.slip(), dice);
      boolean wrong = (work.value() != line.result()) ^ dice.chance(settings.flip());
      writer.write((index + 1) + ":", index == first ? choice : 1);
      writer.write(" " + work.text() + " ", 1);
      writer.write(numerals.write(work.value()) + "/" + numerals.write(line.result()), 1);
      writer.write(wrong ? " wrong" : " ok", verdictWeight);
      boolean last = index == solution.lines().size() - 1;
      if (wrong || last || !dice.chance(settings.proceed())) {
        writer.end(1);
        return wrong
            ? new Critique(Critique.Kind.COMPUTED, index, work.value())
            : Critique.UNBLAMED;
      }
      writer.write("\n", 1);
    }
  }
}
