package malt.experiment;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import malt.evaluation.PaperNumbers;
import malt.evaluation.Study;
import malt.model.Message;
import malt.training.TrainingRules;

/** What a configuration must satisfy beyond its types; all violations are reported at once. */
final class ConfigRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Set<Study.Change> OF_CRITIQUES =
      Set.of(Study.Change.SHUFFLED_CRITIQUES, Study.Change.SWAPPED_ADAPTERS);

  private final Violations violations = new Violations();

  private ConfigRules() {}

  static void check(ExperimentConfig config, String source) {
    ConfigRules rules = new ConfigRules();
    rules.all(config);
    rules.violations.throwIfAny(source);
  }

  private void all(ExperimentConfig config) {
    require(
        NAME.matcher(config.name()).matches(),
        "name: letters, digits, '.', '_' and '-' only, found '%s'",
        config.name());
    require(!config.seeds().isEmpty(), "seeds: at least one is needed");
    require(
        new HashSet<>(config.seeds()).size() == config.seeds().size(),
        "seeds: %s repeats one",
        config.seeds());
    new ModelRules(violations).check(config);
    new ProblemRules(violations).check(config.problems());
    new TeamRules(violations).check(config);
    sampling(config, config.sampling());
    training(config);
    new ScheduleRules(violations).check(config);
    evaluation(config);
  }

  private void sampling(ExperimentConfig config, ExperimentConfig.Sampling sampling) {
    require(
        sampling.treeTemperature() > 0,
        "sampling.tree_temperature: above 0 (greedy siblings would be equal), found %s",
        sampling.treeTemperature());
    require(
        sampling.evaluationTemperature() >= 0,
        "sampling.evaluation_temperature: 0 or more, found %s",
        sampling.evaluationTemperature());
    require(
        sampling.topP() > 0 && sampling.topP() <= 1,
        "sampling.top_p: in (0, 1], found %s",
        sampling.topP());
    require(
        sampling.problemsPerCall() >= 1,
        "sampling.problems_per_call: 1 or more, found %s",
        sampling.problemsPerCall());
    ExperimentConfig.AdaptiveSettings adaptive = sampling.adaptive();
    if (adaptive != null) {
      int turns = TeamChain.turns(config).size();
      require(
          adaptive.first().size() == turns && adaptive.first().stream().allMatch(n -> n >= 1),
          "sampling.adaptive.first: a whole number of 1 or more for each of the %s turns, found %s",
          turns,
          adaptive.first());
      require(
          adaptive.agree() >= 1, "sampling.adaptive.agree: 1 or more, found %s", adaptive.agree());
    }
  }

  private void training(ExperimentConfig config) {
    boolean process =
        config.training() != null
            && config.training().with() == ExperimentConfig.TrainingSettings.With.PROCESS;
    require(
        config.trainerCommand().isEmpty() != process,
        "training.command: a program and its arguments where training.with is process, and only"
            + " there, found %s",
        config.trainerCommand());
    require(
        process
            || (config.machine().trainingLauncher() == null
                && config.machine().trainingJobs() == null),
        "machine.training_launcher and machine.training_jobs: of a trainer that is a process only"
            + " (training.with)");
    violations.addAll(Recipe.of(config).violations(""));
    violations.addAll(new TrainingRules(key -> "lora." + key).adapter(config.lora()));
  }

  private void evaluation(ExperimentConfig config) {
    ExperimentConfig.EvaluationSettings evaluation = config.evaluation();
    require(evaluation.votes() >= 1, "evaluation.votes: 1 or more, found %s", evaluation.votes());
    require(
        evaluation.ablations().isEmpty() || TeamChain.turns(config).size() > 1,
        "evaluation.ablations: these studies are of a chain of two turns or more");
    require(
        OF_CRITIQUES.stream().noneMatch(evaluation.ablations()::contains)
            || TeamChain.heardJudge(config),
        "evaluation.ablations: shuffled-critiques and swapped-adapters are studies of a turn"
            + " that judges and of who speaks after it; the chain %s has none",
        TeamChain.turns(config).keySet());
    require(
        new HashSet<>(evaluation.ablations()).size() == evaluation.ablations().size(),
        "evaluation.ablations: one stands twice");
    require(
        config.schedules().keySet().containsAll(evaluation.ablated()),
        "evaluation.ablated: of the schedules %s, found %s",
        config.schedules().keySet(),
        evaluation.ablated());
    if (evaluation.ablations().contains(Study.Change.SHUFFLED_CRITIQUES)) {
      ExperimentConfig.ProblemSettings problems = config.problems();
      int questions = problems.evaluateOn().equals("dev") ? problems.dev() : problems.test();
      boolean enough = questions >= 2 || (questions == 0 && !problems.generated());
      require(
          config.sampling().problemsPerCall() >= 2 && enough,
          "evaluation.ablations: shuffled-critiques needs 2 questions or more to evaluate and"
              + " sampling.problems_per_call of 2 or more");
    }
    require(
        evaluation.paper().isEmpty() || PaperNumbers.titles().contains(evaluation.paper()),
        "evaluation.paper: '' or one of %s, found '%s'",
        String.join(", ", PaperNumbers.titles()),
        evaluation.paper());
    debate(config);
  }

  private void debate(ExperimentConfig config) {
    ExperimentConfig.DebateSettings debate = config.evaluation().debate();
    if (debate == null) {
      return;
    }
    require(debate.agents() >= 2, "evaluation.debate.agents: 2 or more, found %s", debate.agents());
    require(debate.rounds() >= 2, "evaluation.debate.rounds: 2 or more, found %s", debate.rounds());
    require(
        debate.maxTokens() >= 1,
        "evaluation.debate.max_tokens: 1 or more, found %s",
        debate.maxTokens());
    debatePrompt("first", debate.first(), Set.of("question"));
    debatePrompt("again", debate.again(), Set.of("question", "own", "others"));
  }

  private void debatePrompt(String key, List<Map<Message.Role, String>> prompt, Set<String> known) {
    require(!prompt.isEmpty(), "evaluation.debate.%s: a message is needed", key);
    for (String name : ExperimentConfig.template(prompt).placeholders().keySet()) {
      require(
          known.contains(name),
          "evaluation.debate.%s: {%s} is unknown; known here: %s",
          key,
          name,
          String.join(", ", new TreeSet<>(known)));
    }
  }

  private void require(boolean holds, String violation, Object... values) {
    violations.require(holds, violation, values);
  }
}
