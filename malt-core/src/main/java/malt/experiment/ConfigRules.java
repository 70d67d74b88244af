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
import malt.model.remote.RemoteSettings;
import malt.training.OptimizerSettings;

/** What a configuration must satisfy beyond its types; all violations are reported at once. */
final class ConfigRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9_-]*");

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
    model(config.model());
    remote(config);
    new ProblemRules(violations).check(config.problems());
    team(config);
    sampling(config.sampling());
    optimizer("sft", config.sft());
    optimizer("dpo.optimizer", config.dpo().optimizer());
    require(config.dpo().beta() > 0, "dpo.beta: above 0, found %s", config.dpo().beta());
    require(
        config.dpo().nllWeight() >= 0,
        "dpo.nll_weight: 0 or more, found %s",
        config.dpo().nllWeight());
    require(config.lora().rank() >= 1, "lora.rank: 1 or more, found %s", config.lora().rank());
    require(config.lora().alpha() > 0, "lora.alpha: above 0, found %s", config.lora().alpha());
    require(!config.lora().targets().isEmpty(), "lora.targets: at least one is needed");
    require(
        !config.schedules().isEmpty(),
        "schedules: one or more of joint, generator-first, sft-first");
    require(
        new HashSet<>(config.schedules()).size() == config.schedules().size(),
        "schedules: one stands twice");
    evaluation(config);
  }

  private void model(ExperimentConfig.ModelSettings model) {
    require(
        model.operationThreads() >= 1,
        "model.operation_threads: 1 or more, found %s",
        model.operationThreads());
    require(model.threads() >= 1, "model.threads: 1 or more, found %s", model.threads());
    require(model.batchRows() >= 1, "model.batch_rows: 1 or more, found %s", model.batchRows());
    require(
        model.trainingBatchTokens() >= 1,
        "model.training_batch_tokens: 1 or more, found %s",
        model.trainingBatchTokens());
  }

  private void remote(ExperimentConfig config) {
    ExperimentConfig.RemoteSection remote = config.remote();
    RemoteSettings server = remote.server();
    boolean evaluates = remote.samples(ExperimentConfig.RemoteStage.EVALUATE);
    boolean collects = remote.samples(ExperimentConfig.RemoteStage.COLLECT);
    require(
        !config.model().path().isEmpty() || collects,
        "model.path: needed unless remote.stages holds collect");
    require(
        server.url().matches("https?://[^/]+.*"),
        "remote.server.url: such as http://127.0.0.1:8000/v1, found '%s'",
        server.url());
    require(!server.model().isEmpty(), "remote.server.model: the base's name there is needed");
    atLeast("remote.server.samples_per_request", 1, server.samplesPerRequest());
    atLeast("remote.server.requests_in_flight", 1, server.requestsInFlight());
    atLeast("remote.server.timeout_seconds", 1, server.timeoutSeconds());
    atLeast("remote.server.patience_seconds", 0, server.patienceSeconds());
    boolean secondTree = config.schedules().stream().anyMatch(s -> s != Schedule.JOINT);
    if (evaluates || (collects && secondTree)) {
      require(
          !server.adapters().isEmpty() && config.seeds().size() == 1,
          "remote.stages: trained adapters sample in %s, so remote.server.adapters must name them and seeds hold one",
          evaluates ? "the evaluation" : "the second tree of schedules other than joint");
    }
  }

  private void atLeast(String key, int least, int found) {
    require(found >= least, "%s: %s or more, found %s", key, least, found);
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

  private void optimizer(String key, OptimizerSettings settings) {
    require(settings.learningRate() > 0, "%s.learning_rate: above 0", key);
    require(settings.batchSize() >= 1, "%s.batch_size: 1 or more", key);
    require(settings.epochs() >= 1, "%s.epochs: 1 or more", key);
    require(settings.warmup() >= 0 && settings.warmup() < 1, "%s.warmup: in [0, 1)", key);
    require(settings.maxGradientNorm() > 0, "%s.max_gradient_norm: above 0", key);
    require(
        settings.finalLearningRate() >= 0 && settings.finalLearningRate() <= 1,
        "%s.final_learning_rate: a share of the peak in [0, 1]",
        key);
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
        evaluation.ablations().isEmpty() || config.team().size() == 3,
        "evaluation.ablations: these studies are of a chain of three roles, found %s",
        config.team().size());
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
          "evaluation.ablations: shuffled-critiques needs 2 questions or more to evaluate and sampling.problems_per_call of 2 or more");
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
