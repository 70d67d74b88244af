package malt.nano;

import java.util.ArrayList;
import java.util.List;

/** What a recipe must obey beyond its types. */
final class RecipeRules {
  private final List<String> violations = new ArrayList<>();

  private RecipeRules() {}

  /** One sentence for each rule broken; empty for a sound recipe. */
  static List<String> violations(NanoRecipe recipe) {
    RecipeRules rules = new RecipeRules();
    rules.problems(recipe.problems());
    rules.corpus(recipe);
    rules.behaviour(recipe);
    rules.model(recipe.model());
    rules.training(recipe.training());
    return rules.violations;
  }

  private void problems(NanoRecipe.Problems problems) {
    require(problems.digits() == 2 || problems.digits() == 3, "problems.digits must be 2 or 3");
    require(
        problems.benchmarkSteps() >= 2 && problems.benchmarkSteps() <= 4,
        "problems.benchmark_steps must be 2, 3 or 4");
    shares("problems.two_steps + three_steps", problems.twoSteps(), problems.threeSteps());
    shares("problems.multiplication", problems.multiplication());
    shares("problems.second_multiplication", problems.secondMultiplication());
  }

  private void corpus(NanoRecipe recipe) {
    NanoRecipe.Corpus corpus = recipe.corpus();
    shares("corpus.drills + debate", corpus.drills(), corpus.debate());
    shares("corpus.practice", corpus.practice());
    shares("corpus.practice_wrong_step", corpus.practiceWrongStep());
    shares("corpus.generator_share", corpus.generatorShare());
    require(corpus.verdictWeight() > 0, "corpus.verdict_weight must be positive");
    shares("drills.one_go", recipe.drills().oneGo());
    require(recipe.drills().turns() >= 1, "drills.turns must be at least 1");
    shares("debate.same_others", recipe.debate().sameOthers());
    shares("debate.adopt", recipe.debate().adopt());
    shares("debate.stray", recipe.debate().stray());
  }

  private void behaviour(NanoRecipe recipe) {
    shares("solution.corrupt", recipe.solution().corrupt());
    shares("solution.wrong_solution_loss", recipe.solution().wrongSolutionLoss());
    shares("solution.forgotten_carry", recipe.solution().forgottenCarry());
    NanoRecipe.Critique critique = recipe.critique();
    shares("critique.approval + vague", critique.approval(), critique.vague());
    shares("critique.proceed", critique.proceed());
    shares("critique.slip", critique.slip());
    shares("critique.flip", critique.flip());
    NanoRecipe.Refinement refinement = recipe.refinement();
    shares(
        "refinement.blamed_obey + blamed_spoil", refinement.blamedObey(), refinement.blamedSpoil());
    require(
        refinement.blamedObey() + refinement.blamedSpoil() > 0,
        "refinement.blamed_obey + blamed_spoil must be positive");
    shares("refinement.vague_redo", refinement.vagueRedo());
    shares(
        "refinement.unblamed_spoil + unblamed_redo",
        refinement.unblamedSpoil(),
        refinement.unblamedRedo());
  }

  private void model(NanoRecipe.Model model) {
    require(
        Math.min(Math.min(model.layers(), model.hidden()), model.intermediate()) >= 1,
        "model.layers, hidden and intermediate must be positive");
    require(
        model.heads() >= 1 && model.hidden() % (2 * model.heads()) == 0,
        "model.hidden must be an even multiple of model.heads");
    require(
        model.kvHeads() >= 1 && model.heads() % Math.max(1, model.kvHeads()) == 0,
        "model.heads must be a multiple of model.kv_heads");
    require(model.maxPositions() >= 1, "model.max_positions must be positive");
    require(
        model.ropeTheta() > 0 && model.normEpsilon() > 0,
        "model.rope_theta and norm_epsilon must be positive");
  }

  private void training(NanoRecipe.Training training) {
    require(
        training.documents() >= 1 && training.batchDocuments() >= 1,
        "training.documents and batch_documents must be positive");
    require(
        training.peakLearningRate() > 0 && training.finalLearningRate() >= 0,
        "training.peak_learning_rate must be positive, final_learning_rate not negative");
    require(
        training.beta1() >= 0
            && training.beta1() < 1
            && training.beta2() >= 0
            && training.beta2() < 1,
        "training.beta1 and beta2 must lie in 0..1, below 1");
    require(training.weightDecay() >= 0, "training.weight_decay must not be negative");
    require(training.gradientClip() > 0, "training.gradient_clip must be positive");
    require(training.warmUpSteps() >= 0, "training.warm_up_steps must not be negative");
  }

  /** Each share, and their sum, must lie in [0, 1]. */
  private void shares(String name, double... shares) {
    double sum = 0;
    boolean negative = false;
    for (double share : shares) {
      negative |= !(share >= 0);
      sum += share;
    }
    require(!negative && sum <= 1 + 1e-9, name + " must lie in 0..1 but is " + sum);
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      violations.add(rule + ".");
    }
  }
}
