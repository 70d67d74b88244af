package malt.nano;

import malt.Seeds;
import malt.problem.TaskVariant;

/**
 * The noisy corpus of a phase of pre-training, with random access: document i depends on the seed
 * and on i only. Every token with loss is distributed, given the text before it, as the recipe
 * states; skill practice differs from full conversations only in tokens without loss.
 */
public final class NanoCorpus {
  private final NanoRecipe.Corpus settings;
  private final NanoRecipe.Solution solution;
  private final long seed;
  private final Habit habit;
  private final WordProblems problems;
  private final Critic critic;
  private final Reviser reviser;
  private final Drills drills;
  private final DebateTurn debate;

  public NanoCorpus(NanoRecipe recipe, NanoRecipe.Phase phase, long seed) {
    this.settings = phase.corpus();
    this.solution = phase.solution();
    this.seed = seed;
    this.habit = new Habit(solution.forgottenCarry());
    this.problems = new WordProblems(recipe.problems(), TaskVariant.STANDARD);
    this.critic = new Critic(recipe.critique(), settings.verdictWeight());
    this.reviser = new Reviser(recipe.refinement(), habit);
    this.drills = new Drills(phase.drills(), problems, habit);
    this.debate = new DebateTurn(recipe.debate(), solution, habit);
  }

  public Document document(long index) {
    Dice dice = new Dice(Seeds.of(seed, "document", index));
    DocumentWriter writer = new DocumentWriter();
    double kind = dice.uniform();
    if (kind < settings.drills()) {
      drills.write(writer, dice);
    } else if (kind < settings.drills() + settings.debate()) {
      debate.write(problems.pretraining(dice), writer, dice);
    } else {
      conversation(writer, dice);
    }
    return writer.document();
  }

  private void conversation(DocumentWriter writer, Dice dice) {
    WordProblem problem = problems.pretraining(dice);
    Solution written = problem.solution().written(habit, dice);
    boolean corrupt = dice.chance(solution.corrupt());
    Solution stated = corrupt ? Mistakes.corrupted(written, habit, dice) : written;
    boolean practice = dice.chance(settings.practice());
    writer.user(problem.question()).assistant();
    write(stated, dice.chance(settings.generatorShare()), writer, dice);
    writer.user(Critic.REQUEST).assistant();
    if (practice) {
      int first = practiceStep(stated, dice);
      Critique critique = critic.check(stated, first, 0, writer, dice);
      writer.user(Reviser.REQUEST).assistant();
      reviser.practise(stated, critique, writer, dice);
    } else {
      Critique critique = critic.write(stated, writer, dice);
      writer.user(Reviser.REQUEST).assistant();
      reviser.write(stated, critique, writer, dice);
    }
  }

  /**
   * Writes a solution. Copying numbers and laying out steps carries loss everywhere; results carry
   * it in a share of the documents, which sets the generator's skill; one that the habit does not
   * explain carries it rarely.
   */
  private void write(Solution stated, boolean skilled, DocumentWriter writer, Dice dice) {
    for (int i = 0; i < stated.lines().size(); i++) {
      boolean usual = habit.explains(stated.numerals(), stated.lines().get(i));
      boolean learned = usual ? skilled : dice.chance(solution.wrongSolutionLoss());
      writer
          .write(Solution.label(i) + stated.expression(i) + "=", 1)
          .write(stated.result(i), learned ? 1 : 0)
          .write("\n", 1);
    }
    writer.write("#### " + stated.answer(), 1).end(1);
  }

  /** The wrong step in the stated share of wrong solutions, otherwise any step. */
  private int practiceStep(Solution stated, Dice dice) {
    int steps = stated.lines().size();
    int wrong = 0;
    while (wrong < steps && stated.lines().get(wrong).result() == stated.recomputed(wrong)) {
      wrong++;
    }
    if (wrong < steps && dice.chance(settings.practiceWrongStep())) {
      return wrong;
    }
    return dice.below(steps);
  }
}
