package malt.nano;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import malt.Seeds;
import org.jspecify.annotations.Nullable;

/** Draws word problems: a start value, then two to four steps of gain, loss or multiplication. */
public final class WordProblems {
  private static final int SMALLEST_OPERAND = 2;
  private static final int LARGEST_MULTIPLIER = 9;

  private final NanoRecipe.Problems settings;
  private final Numerals numerals;

  public WordProblems(NanoRecipe.Problems settings) {
    this.settings = settings;
    this.numerals = new Numerals(settings.digits());
  }

  Numerals numerals() {
    return numerals;
  }

  /**
   * The first {@code count} problems of a split, with the recipe's number of benchmark steps and
   * pairwise different numbers; a longer list begins with the shorter one.
   */
  public List<WordProblem> list(Split split, int count, long seed) {
    List<WordProblem> problems = new ArrayList<>(count);
    Set<String> signatures = new HashSet<>();
    for (long attempt = 0; problems.size() < count; attempt++) {
      String id = String.format(Locale.ROOT, "nano-%s-%05d", split.id(), problems.size());
      Dice dice = new Dice(Seeds.of(seed, "problem", split.id(), attempt));
      WordProblem problem = draw(id, split, settings.benchmarkSteps(), dice);
      if (signatures.add(problem.solution().signature())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /** A problem of the pre-training split with two to four steps. */
  WordProblem pretraining(Dice dice) {
    double share = dice.uniform();
    int steps =
        share < settings.twoSteps()
            ? 2
            : share < settings.twoSteps() + settings.threeSteps() ? 3 : 4;
    return draw("", Split.PRETRAINING, steps, dice);
  }

  private WordProblem draw(String id, Split split, int steps, Dice dice) {
    while (true) {
      Solution solution = numbers(multipliers(steps, dice), dice); // two may fit no start at all
      if (solution != null && Split.of(solution.signature()) == split) {
        return new WordProblem(id, question(solution, dice), solution);
      }
    }
  }

  /** The multiplier of each step; 0 where the step is a gain or a loss. */
  private int[] multipliers(int steps, Dice dice) {
    int[] multipliers = new int[steps];
    if (dice.chance(settings.multiplication())) {
      int first = dice.below(steps);
      multipliers[first] = multiplier(dice);
      if (dice.chance(settings.secondMultiplication())) {
        int second = dice.below(steps);
        int multiplier = multiplier(dice);
        boolean adjacent = Math.abs(first - second) == 1;
        int narrowest = SMALLEST_OPERAND * multipliers[first] * multiplier;
        if (!adjacent || narrowest < numerals.limit()) {
          multipliers[second] = multiplier;
        }
      }
    }
    return multipliers;
  }

  private static int multiplier(Dice dice) {
    return dice.between(SMALLEST_OPERAND, LARGEST_MULTIPLIER);
  }

  /** One try at start and operands; null where a product would be too wide. */
  private @Nullable Solution numbers(int[] multipliers, Dice dice) {
    int largest = numerals.limit() - 1;
    int start = dice.between(SMALLEST_OPERAND, largest);
    List<Step> steps = new ArrayList<>();
    int value = start;
    for (int multiplier : multipliers) {
      Step step =
          multiplier > 0 ? new Step(Operation.MULTIPLY, multiplier) : gainOrLoss(value, dice);
      value = step.operation().apply(value, step.operand());
      if (value > largest || (multiplier > 0 && value == 0)) {
        return null;
      }
      steps.add(step);
    }
    return Solution.gold(numerals, start, steps);
  }

  private Step gainOrLoss(int value, Dice dice) {
    int room = numerals.limit() - 1 - value;
    boolean gain = room >= SMALLEST_OPERAND && (value < SMALLEST_OPERAND || dice.chance(0.5));
    return gain
        ? new Step(Operation.ADD, dice.between(SMALLEST_OPERAND, room))
        : new Step(Operation.SUBTRACT, dice.between(SMALLEST_OPERAND, value));
  }

  private String question(Solution solution, Dice dice) {
    String name = dice.choose(Lexicon.NAMES);
    String item = dice.choose(Lexicon.ITEMS);
    List<String> sentences = new ArrayList<>();
    String start = numerals.write(solution.lines().get(0).left());
    sentences.add(Lexicon.fill(dice.choose(Lexicon.STARTS), name, item, start));
    for (Solution.Line line : solution.lines()) {
      Step step = line.step();
      String template = dice.choose(Lexicon.sentences(step.operation()));
      sentences.add(Lexicon.fill(template, name, item, numerals.operand(step)));
    }
    sentences.add(Lexicon.fill(dice.choose(Lexicon.QUESTIONS), name, item, ""));
    return String.join(" ", sentences);
  }
}
