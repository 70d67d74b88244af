package malt.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import malt.agent.AgentRole;
import malt.evaluation.PaperNumbers;
import malt.training.TrainingRules;

/** What a configuration must satisfy beyond its types; all violations are reported at once. */
final class ConfigRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final Set<ExperimentConfig.Ablation> OF_CRITIQUES =
      Set.of(
          ExperimentConfig.Ablation.SHUFFLED_CRITIQUES, ExperimentConfig.Ablation.SWAPPED_ADAPTERS);

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
    team(config);
    sampling(config.sampling());
    training(config);
    schedules(config);
    evaluation(config);
  }

  private void team(ExperimentConfig config) {
    require(!config.team().isEmpty(), "team: at least one role is needed");
    List<AgentRole> before = new ArrayList<>();
    for (ExperimentConfig.RoleSettings role : config.team()) {
      String name = role.role().name();
      require(ROLE.matcher(name).matches(), "team: role name '%s' must match %s", name, ROLE);
      require(!before.contains(role.role()), "team: role %s stands twice", name);
      require(
          role.branching() >= 1, "team.%s.branching: 1 or more, found %s", name, role.branching());
      require(
          role.maxTokens() >= 1, "team.%s.max_tokens: 1 or more, found %s", name, role.maxTokens());
      prompt(config, name, before);
      before.add(role.role());
    }
    Set<String> known = new HashSet<>(before.stream().map(AgentRole::name).toList());
    known.addAll(ExperimentConfig.DebateSettings.PROMPTS);
    for (String key : config.prompts().keySet()) {
      require(known.contains(key), "prompts: %s is not a role of the team", key);
    }
    for (AgentRole role : config.datasets().pairRoles()) {
      require(before.contains(role), "datasets.pair_roles: %s is not a role of the team", role);
    }
    require(
        config.secondTreeBranching().size() == config.team().size()
            && config.secondTreeBranching().stream().allMatch(n -> n >= 1),
        "second_tree_branching: one whole number of 1 or more per role, found %s",
        config.secondTreeBranching());
  }

  private static List<String> names(List<Schedule> schedules) {
    return schedules.stream().map(Schedule::directory).toList();
  }

  private void prompt(ExperimentConfig config, String role, List<AgentRole> before) {
    if (!config.prompts().containsKey(role)) {
      violations.add("prompts: that of the %s is missing".formatted(role));
      return;
    }
    for (String name : config.template(role).placeholders().keySet()) {
      require(
          name.equals("question") || before.contains(new AgentRole(name)),
          "prompts.%s: {%s} names no earlier role; known here: question, %s",
          role,
          name,
          before);
    }
  }

  private void sampling(ExperimentConfig.Sampling sampling) {
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
  }

  private void training(ExperimentConfig config) {
    violations.addAll(new TrainingRules(key -> "sft." + key).optimizer(config.sft()));
    violations.addAll(
        new TrainingRules(key -> "dpo.optimizer." + key).optimizer(config.dpo().optimizer()));
    violations.addAll(new TrainingRules(key -> "dpo." + key).preferences(config.dpo()));
    violations.addAll(new TrainingRules(key -> "lora." + key).adapter(config.lora()));
  }

  private void schedules(ExperimentConfig config) {
    List<Schedule> schedules = config.schedules();
    require(!schedules.isEmpty(), "schedules: one or more of joint, generator-first, sft-first");
    require(new HashSet<>(schedules).size() == schedules.size(), "schedules: one stands twice");
    require(
        config.team().size() != 1 || List.of(Schedule.JOINT).containsAll(schedules),
        "schedules: joint alone for a team of one, since the others train those who speak after the"
            + " first; found %s",
        names(schedules));
  }

  private void evaluation(ExperimentConfig config) {
    ExperimentConfig.EvaluationSettings evaluation = config.evaluation();
    require(evaluation.votes() >= 1, "evaluation.votes: 1 or more, found %s", evaluation.votes());
    try {
      Pattern.compile(evaluation.flag());
    } catch (PatternSyntaxException e) {
      violations.add("evaluation.flag: not a regular expression: " + e.getDescription());
    }
    require(
        evaluation.ablations().isEmpty() || config.team().size() > 1,
        "evaluation.ablations: these studies are of a chain of two roles or more, found %s",
        config.team().size());
    require(
        OF_CRITIQUES.stream().noneMatch(evaluation.ablations()::contains)
            || Contestant.heardJudge(config.roles()),
        "evaluation.ablations: shuffled-critiques and swapped-adapters are studies of a role"
            + " that judges and of who speaks after it; the chain %s has none",
        config.roles());
    require(
        new HashSet<>(evaluation.ablations()).size() == evaluation.ablations().size(),
        "evaluation.ablations: one stands twice");
    require(
        config.schedules().containsAll(evaluation.ablated()),
        "evaluation.ablated: of the schedules of this experiment, %s, found %s",
        names(config.schedules()),
        names(evaluation.ablated()));
    if (evaluation.ablations().contains(ExperimentConfig.Ablation.SHUFFLED_CRITIQUES)) {
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
    require(debate.agents() >= 2, "evaluation.debate.agents: 2 or more, found %s", debate.agents());
    require(debate.rounds() >= 2, "evaluation.debate.rounds: 2 or more, found %s", debate.rounds());
    require(
        debate.maxTokens() >= 1,
        "evaluation.debate.max_tokens: 1 or more, found %s",
        debate.maxTokens());
    debatePrompt(config, ExperimentConfig.DebateSettings.FIRST, Set.of("question"));
    debatePrompt(
        config, ExperimentConfig.DebateSettings.AGAIN, Set.of("question", "own", "others"));
  }

  private void debatePrompt(ExperimentConfig config, String key, Set<String> known) {
    if (!config.prompts().containsKey(key)) {
      require(!config.evaluation().debate().enabled(), "prompts: %s is missing", key);
      return;
    }
    for (String name : config.template(key).placeholders().keySet()) {
      require(
          known.contains(name),
          "prompts.%s: {%s} is unknown; known here: %s",
          key,
          name,
          String.join(", ", new TreeSet<>(known)));
    }
  }

  private void require(boolean holds, String violation, Object... values) {
    violations.require(holds, violation, values);
  }
}
