package malt.nano;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a recipe must obey beyond its types. */
final class RecipeRules {
  private final List<String> violations = new ArrayList<>();

  private RecipeRules() {}

  /** One sentence for each rule broken; empty for a sound recipe. */
  static List<String> violations(NanoRecipe recipe) {
    RecipeRules rules = new RecipeRules();
    rules.problems(recipe.problems());
    rules.behaviour(recipe);
    rules.model(recipe.model());
    rules.require(!recipe.phases().isEmpty(), "phases must hold one or more");
    List<String> names = recipe.phases().stream().map(NanoRecipe.Phase::name).toList();
    rules.require(
        names.size() == Set.copyOf(names).size()
            && names.stream().allMatch(name -> name.matches("[a-z0-9-]+")),
        "phases must have names of their own, of lower-case letters, digits and hyphens");
    recipe.phases().forEach(rules::phase);
    return rules.violations;
  }

  private void problems(NanoRecipe.Problems problems) {
    require(problems.digits() == 2 || problems.digits() == 3, "problems.digits must be 2 or 3");
    require(
        problems.benchmarkSteps() >= 2 && problems.benchmarkSteps() <= 4,
        "problems.benchmark_steps must be 2, 3 or 4");
    shares(
        "problems.two_steps + three_steps + five_steps",
        problems.twoSteps(),
        problems.threeSteps(),
        problems.fiveSteps());
    shares("problems.multiplication", problems.multiplication());
    shares("problems.second_multiplication", problems.secondMultiplication());
  }

  private void phase(NanoRecipe.Phase phase) {
    String at = "phase " + phase.name() + ": ";
    NanoRecipe.Corpus corpus = phase.corpus();
    shares(at + "corpus.drills + debate", corpus.drills(), corpus.debate());
    shares(at + "corpus.practice", corpus.practice());
    shares(at + "corpus.practice_wrong_step", corpus.practiceWrongStep());
    shares(at + "corpus.generator_share", corpus.generatorShare());
    require(corpus.verdictWeight() > 0, at + "corpus.verdict_weight must be positive");
    shares(at + "solution.corrupt", phase.solution().corrupt());
    shares(at + "solution.wrong_solution_loss", phase.solution().wrongSolutionLoss());
    shares(at + "solution.forgotten_carry", phase.solution().forgottenCarry());
    shares(at + "drills.one_go", phase.drills().oneGo());
    require(phase.drills().turns() >= 1, at + "drills.turns must be at least 1");
    training(at, phase.training());
  }

  private void behaviour(NanoRecipe recipe) {
    shares("debate.same_others", recipe.debate().sameOthers());
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

  private void training(String at, NanoRecipe.Training training) {
    require(
        training.documents() >= 1 && training.batchDocuments() >= 1,
        at + "training.documents and batch_documents must be positive");
    require(
        training.peakLearningRate() > 0 && training.finalLearningRate() >= 0,
        at + "training.peak_learning_rate must be positive, final_learning_rate not negative");
    require(
        training.beta1() >= 0
            && training.beta1() < 1
            && training.beta2() >= 0
            && training.beta2() < 1,
        at + "training.beta1 and beta2 must lie in 0..1, below 1");
    require(training.weightDecay() >= 0, at + "training.weight_decay must not be negative");
    require(training.gradientClip() > 0, at + "training.gradient_clip must be positive");
    require(training.warmUpSteps() >= 0, at + "training.warm_up_steps must not be negative");
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
