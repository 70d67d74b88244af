package malt.nano;

/**
 * Writes refinements with the recipe's noise: keep the answer, or redo it from a step on. Only the
 * critique decides between the two. Lines after the redone step are written in one go, with the
 * generator's habit.
 */
final class Reviser {
  static final String REQUEST = "Improve the answer.";

  private final NanoRecipe.Refinement settings;
  private final Habit habit;

  Reviser(NanoRecipe.Refinement settings, Habit habit) {
    this.settings = settings;
    this.habit = habit;
  }

  /** A refinement as the base is meant to write it: every token is a target. */
  void write(Solution solution, Critique critique, DocumentWriter writer, Dice dice) {
    double share = dice.uniform();
    switch (critique.kind()) {
      case UNBLAMED -> {
        int step = dice.below(solution.lines().size());
        if (share < settings.unblamedSpoil()) {
          redo(solution, step, spoiled(solution, solution.recomputed(step), dice), 1, writer, dice);
        } else if (share < settings.unblamedSpoil() + settings.unblamedRedo()) {
          redo(solution, step, inOneGo(solution, step, dice), 1, writer, dice);
        } else {
          keep(solution, 1, writer);
        }
      }
      case VAGUE -> {
        if (share < settings.vagueRedo()) {
          redo(
              solution, critique.step(), inOneGo(solution, critique.step(), dice), 1, writer, dice);
        } else {
          keep(solution, 1, writer);
        }
      }
      case COMPUTED -> {
        if (share < settings.blamedObey() + settings.blamedSpoil()) {
          redoBlamed(solution, critique, 1, writer, dice);
        } else {
          keep(solution, 1, writer);
        }
      }
    }
  }

  /** Skill practice: always redo what was found wrong; the choice to do so carries no loss. */
  void practise(Solution solution, Critique critique, DocumentWriter writer, Dice dice) {
    if (critique.kind() == Critique.Kind.COMPUTED) {
      redoBlamed(solution, critique, 0, writer, dice);
    } else {
      keep(solution, 0, writer);
    }
  }

  /** Takes the verifier's value, or spoils it in the share that the recipe's odds leave. */
  private void redoBlamed(
      Solution solution, Critique critique, double choice, DocumentWriter writer, Dice dice) {
    double spoil = settings.blamedSpoil() / (settings.blamedObey() + settings.blamedSpoil());
    int value = dice.chance(spoil) ? spoiled(solution, critique.value(), dice) : critique.value();
    redo(solution, critique.step(), value, choice, writer, dice);
  }

  private static int spoiled(Solution solution, int value, Dice dice) {
    return Mistakes.wrong(solution.numerals(), value, dice);
  }

  private static void keep(Solution solution, double choice, DocumentWriter writer) {
    writer.write("Keep", choice).write(".\n#### " + solution.answer(), 1).end(1);
  }

  private int inOneGo(Solution solution, int step, Dice dice) {
    Solution.Line line = solution.lines().get(step);
    return habit.result(solution.numerals(), line.left(), line.step(), dice);
  }

  private void redo(
      Solution solution, int step, int value, double choice, DocumentWriter writer, Dice dice) {
    String text = solution.redone(step, value, habit, dice).textFrom(step);
    writer.write(text.substring(0, 1), choice).write(text.substring(1), 1).end(1); // the number
  }
}
