package malt.nano;

/** Documents of a debate's later round: an agent sees two others' solutions and answers again. */
final class DebateTurn {
  private final NanoRecipe.Debate settings;
  private final NanoRecipe.Solution solution;
  private final Habit habit;

  DebateTurn(NanoRecipe.Debate settings, NanoRecipe.Solution solution, Habit habit) {
    this.habit = habit;
    this.settings = settings;
    this.solution = solution;
  }

  static String request(String first, String second) {
    return "Others say: " + first + " / " + second + "\nSolve again.";
  }

  void write(WordProblem problem, DocumentWriter writer, Dice dice) {
    Solution own = attempt(problem.solution(), dice);
    Solution first = attempt(problem.solution(), dice);
    Solution second =
        dice.chance(settings.sameOthers()) ? first : attempt(problem.solution(), dice);
    writer.user(problem.question()).assistant().write(own.text(), 0).end(0);
    writer.user(request(first.text(), second.text())).assistant();
    writer.write(answer(own, first, second, problem, dice).text(), 1).end(1);
  }

  private Solution attempt(Solution gold, Dice dice) {
    Solution written = gold.written(habit, dice);
    return dice.chance(solution.corrupt()) ? Mistakes.corrupted(written, habit, dice) : written;
  }

  /**
   * What two others agree on, else one's own, else the solution anew: the first without an error.
   */
  private Solution answer(
      Solution own, Solution first, Solution second, WordProblem problem, Dice dice) {
    if (first.answer().equals(second.answer()) && sound(first)) {
      return first;
    }
    return sound(own) ? own : problem.solution().written(habit, dice);
  }

  /** Whether the habit explains every result, so that none is wrong at random. */
  private boolean sound(Solution stated) {
    return stated.lines().stream().allMatch(line -> habit.explains(stated.numerals(), line));
  }
}
