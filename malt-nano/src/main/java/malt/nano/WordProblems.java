package malt.nano;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import malt.Seeds;
import malt.problem.TaskVariant;
import org.jspecify.annotations.Nullable;

/** Draws word problems: a start value, then steps of gain, loss or multiplication. */
public final class WordProblems {
  private static final int SMALLEST_OPERAND = 2;
  private static final int LARGEST_MULTIPLIER = 9;

  private final NanoRecipe.Problems settings;
  private final TaskVariant variant;
  private final Lexicon lexicon;
  private final Numerals numerals;

  public WordProblems(NanoRecipe.Problems settings, TaskVariant variant) {
    this.settings = settings;
    this.variant = variant;
    this.lexicon = Lexicon.of(variant);
    this.numerals = new Numerals(settings.digits());
  }

  Numerals numerals() {
    return numerals;
  }

  /**
   * The first {@code count} problems of a split, with pairwise different numbers; a longer list
   * begins with the shorter one.
   */
  public List<WordProblem> list(Split split, int count, long seed) {
    List<WordProblem> problems = new ArrayList<>(count);
    Set<String> signatures = new HashSet<>();
    String name =
        variant == TaskVariant.STANDARD
            ? split.id()
            : variant.name().toLowerCase(Locale.ROOT) + "-" + split.id();
    for (long attempt = 0; problems.size() < count; attempt++) {
      String id = String.format(Locale.ROOT, "nano-%s-%05d", name, problems.size());
      Dice dice = new Dice(Seeds.of(seed, "problem", split.id(), attempt));
      WordProblem problem = draw(id, split, benchmarkSteps(dice), dice);
      if (signatures.add(problem.solution().signature())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  private int benchmarkSteps(Dice dice) {
    int steps = settings.benchmarkSteps();
    return variant == TaskVariant.LONGER ? steps + 1 + dice.below(2) : steps;
  }

  /** A problem of the pre-training split with two to five steps. */
  WordProblem pretraining(Dice dice) {
    return draw("", Split.PRETRAINING, pretrainingSteps(dice.uniform()), dice);
  }

  private int pretrainingSteps(double share) {
    double two = settings.twoSteps();
    double three = two + settings.threeSteps();
    double five = three + settings.fiveSteps();
    return share < two ? 2 : share < three ? 3 : share < five ? 5 : 4;
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

  private int multiplier(Dice dice) {
    return variant == TaskVariant.DOUBLING ? 2 : dice.between(SMALLEST_OPERAND, LARGEST_MULTIPLIER);
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
    sentences.add(Lexicon.fill(dice.choose(lexicon.starts()), name, item, start));
    for (Solution.Line line : solution.lines()) {
      Step step = line.step();
      String template = dice.choose(lexicon.sentences(step.operation()));
      sentences.add(Lexicon.fill(template, name, item, numerals.operand(step)));
    }
    sentences.add(Lexicon.fill(dice.choose(lexicon.questions()), name, item, ""));
    return String.join(" ", sentences);
  }
}
