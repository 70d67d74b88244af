package malt.nano;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.StrictYaml;

/** How the embedded model is made; models/nano/recipe.yaml explains each field. */
public record NanoRecipe(
    Problems problems,
    Critique critique,
    Refinement refinement,
    Debate debate,
    Model model,
    List<Phase> phases) {
  public NanoRecipe {
    phases = List.copyOf(phases);
  }

  /** A stretch of pre-training with a corpus of its own; it goes on from the weights before it. */
  public record Phase(
      String name, Corpus corpus, Solution solution, Drills drills, Training training) {}

  /** The task's numbers and sentences. */
  public record Problems(
      int digits,
      int benchmarkSteps,
      double twoSteps,
      double threeSteps,
      double fiveSteps,
      double multiplication,
      double secondMultiplication) {}

  /** Shares of the kinds of document, and their masks. */
  public record Corpus(
      double drills,
      double debate,
      double practice,
      double practiceWrongStep,
      double generatorShare,
      double verdictWeight) {}

  /** The first turn. */
  public record Solution(double corrupt, double wrongSolutionLoss, double forgottenCarry) {}

  /** The second turn; what is neither approval nor vague is a check. */
  public record Critique(double approval, double vague, double proceed, double slip, double flip) {}

  /** The third turn; what is left of each case is keeping the answer. */
  public record Refinement(
      double blamedObey,
      double blamedSpoil,
      double vagueRedo,
      double unblamedSpoil,
      double unblamedRedo) {}

  /** Short turns on bare steps. */
  public record Drills(int turns, double oneGo) {}

  /** A later round of a debate. */
  public record Debate(double sameOthers) {}

  /** The shape of the decoder. */
  public record Model(
      int layers,
      int hidden,
      int heads,
      int kvHeads,
      int intermediate,
      int maxPositions,
      double ropeTheta,
      double normEpsilon,
      boolean tie) {}

  /** The optimiser and its schedule. */
  public record Training(
      int documents,
      int batchDocuments,
      double peakLearningRate,
      double finalLearningRate,
      int warmUpSteps,
      double weightDecay,
      double beta1,
      double beta2,
      double gradientClip,
      long seed) {
    int steps() {
      return documents / batchDocuments;
    }
  }

  /**
   * Reads and checks a recipe.
   *
   * @throws ConfigException naming the file, and all rules that are broken
   */
  public static NanoRecipe read(Path file) {
    return checked(StrictYaml.read(file, List.of(), NanoRecipe.class), file.toString());
  }

  /** As {@link #read}, from text; {@code source} names it in errors. */
  static NanoRecipe parse(String yaml, String source) {
    return checked(StrictYaml.parse(yaml, source, List.of(), NanoRecipe.class), source);
  }

  /** The recipe of the first {@code count} phases alone. */
  NanoRecipe upTo(int count) {
    return new NanoRecipe(problems, critique, refinement, debate, model, phases.subList(0, count));
  }

  private static NanoRecipe checked(NanoRecipe recipe, String source) {
    List<String> violations = RecipeRules.violations(recipe);
    if (!violations.isEmpty()) {
      throw new ConfigException(source + ": " + String.join(" ", violations));
    }
    return recipe;
  }
}
