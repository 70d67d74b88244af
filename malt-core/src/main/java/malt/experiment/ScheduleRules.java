package malt.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import malt.ConfigException;
import malt.StrictYaml;
import malt.data.Distillation;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.experiment.ExperimentConfig.RoundSettings;
import malt.experiment.ExperimentConfig.Sampling;
import malt.experiment.ExperimentConfig.ScheduleSettings;
import malt.experiment.ExperimentConfig.TrainSettings;
import org.jspecify.annotations.Nullable;

/** What the schedules must satisfy. */
final class ScheduleRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");

  private final Violations violations;

  ScheduleRules(Violations violations) {
    this.violations = violations;
  }

  void check(ExperimentConfig config) {
    List<String> run = config.run();
    int before = violations.count();
    violations.require(
        !run.isEmpty() && config.schedules().keySet().containsAll(run),
        "run: one or more of %s, found %s",
        String.join(", ", config.schedules().keySet()),
        run);
    violations.require(new HashSet<>(run).size() == run.size(), "run: one stands twice in %s", run);
    if (config.start() != null) {
      start(config, config.start());
    }
    int turns = TeamChain.turns(config).size();
    for (Map.Entry<String, ScheduleSettings> schedule : config.schedules().entrySet()) {
      if (run.contains(schedule.getKey())) {
        schedule(config, schedule.getKey(), schedule.getValue(), turns);
      }
    }
    if (violations.count() == before && turns > 0) {
      try {
        names(config, Plan.of(config));
      } catch (ConfigException e) {
        violations.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void start(ExperimentConfig config, StartSettings start) {
    violations.require(
        (start.run() == null) != (start.adapters() == null),
        "start: either run and schedule, or adapters, found %s",
        StrictYaml.write(start).replaceAll("\\s+", " "));
    violations.require(
        (start.run() == null) == (start.schedule() == null)
            && (start.run() != null || start.seed() == null),
        "start: run goes with the schedule of that run whose team is meant, and with a seed of it only where it is not to be each seed's own; adapters go with neither");
    if (start.adapters() != null) {
      violations.require(
          !start.adapters().isEmpty() && config.roles().containsAll(start.adapters().keySet()),
          "start.adapters: of the roles %s, one or more, found %s",
          config.roles(),
          start.adapters().keySet());
    }
  }

  private void schedule(
      ExperimentConfig config, String name, ScheduleSettings schedule, int turns) {
    violations.require(
        NAME.matcher(name).matches(), "schedules: the name %s must match %s", name, NAME);
    violations.require(
        !schedule.rounds().isEmpty(), "schedules.%s.rounds: at least one is needed", name);
    violations.require(
        schedule.rounds().stream().map(RoundSettings::distil).filter(Objects::nonNull).count() <= 1,
        "schedules.%s.rounds: one of them at most has distil, since one model alone is a row",
        name);
    violations.require(
        schedule.fromBase() == null || config.start() != null,
        "schedules.%s.from_base: only where the run has a start, without which every schedule begins with the base",
        name);
    HashSet<String> rounds = new HashSet<>();
    for (RoundSettings round : schedule.rounds()) {
      String where = "schedules.%s.rounds.%s".formatted(name, round.name());
      violations.require(
          NAME.matcher(round.name()).matches(), "%s: the name must match %s", where, NAME);
      violations.require(rounds.add(round.name()), "%s: two rounds have this name", where);
      violations.require(
          !round.name().equals(StartTeam.NAME),
          "%s: this is what the directory of the start's adapters is called",
          where);
      List<Integer> branching = round.branching();
      violations.require(
          branching == null
              || (branching.size() == turns && branching.stream().allMatch(n -> n >= 1)),
          "%s.branching: a whole number of 1 or more for each of the %s turns, found %s",
          where,
          turns,
          branching);
      List<String> trees = round.trees();
      violations.require(
          trees == null || !trees.isEmpty(), "%s.trees: at least one round is needed", where);
      violations.require(
          round.samples() || (branching == null && round.sample() == null),
          "%s: it samples no trees, since its trees %s are not its own, so branching and sample say nothing",
          where,
          trees);
      Recipe recipe = recipe(config, where, round);
      Integer repeat = round.repeat();
      List<Double> thresholds = round.threshold();
      violations.require(
          thresholds == null
              || (!thresholds.isEmpty()
                  && thresholds.stream().allMatch(theta -> theta >= 0 && theta < 1)),
          "%s.threshold: in [0, 1), one or one for each repetition, found %s",
          where,
          thresholds);
      violations.require(
          thresholds == null || thresholds.size() <= (repeat == null ? 1 : repeat),
          "%s.threshold: %s, which are more than the round is repeated; repeat is %s",
          where,
          thresholds,
          repeat);
      violations.require(
          repeat == null || repeat >= 1, "%s.repeat: 1 or more, found %s", where, repeat);
      if (round.distil() != null) {
        distil(config, where, round.distil());
      }
      if (round.patience() != null) {
        patience(config, where, round.patience(), repeat);
      }
      round.train().forEach(train -> train(config, recipe, where, train));
    }
  }

  /** Rows are told apart by their names; what a team is called needs a team that can be made. */
  private void names(ExperimentConfig config, Plan plan) {
    if (violations.count() == 0) {
      List<String> names = new ArrayList<>(Contestant.names(config, plan));
      new HashSet<>(names).forEach(names::remove);
      violations.require(
          names.isEmpty(),
          "run: rows of two schedules would both be called %s; give one of them another label",
          String.join(", ", names));
    }
  }

  /** What a round trains by; the configuration's own where what it changes does not fit. */
  private Recipe recipe(ExperimentConfig config, String where, RoundSettings round) {
    Recipe common = Recipe.of(config);
    if (round.settings() == null) {
      return common;
    }
    try {
      Recipe changed = common.with(round.settings(), where + ".settings");
      violations.addAll(changed.violations(where + ".settings."));
      return changed;
    } catch (ConfigException e) {
      violations.add(String.valueOf(e.getMessage()));
      return common;
    }
  }

  private void distil(ExperimentConfig config, String where, DistilSettings distil) {
    violations.require(
        distil.maxTokens() >= 1,
        "%s.distil.max_tokens: 1 or more, found %s",
        where,
        distil.maxTokens());
    violations.require(
        !distil.prompt().isEmpty()
            && ExperimentConfig.template(distil.prompt())
                .placeholders()
                .keySet()
                .equals(Set.of("question")),
        "%s.distil.prompt: messages that show {question} and nothing else, found %s",
        where,
        distil.prompt());
    violations.require(
        !config.roles().contains(Distillation.STUDENT),
        "%s.distil: a role of the team is called %s, as the model that is taught alone",
        where,
        Distillation.STUDENT);
  }

  private void patience(
      ExperimentConfig config, String where, int patience, @Nullable Integer repeat) {
    violations.require(patience >= 1, "%s.patience: 1 or more, found %s", where, patience);
    violations.require(
        repeat != null && repeat >= 2,
        "%s.patience: only of a round with repeat: 2 or more, found %s",
        where,
        repeat);
    ExperimentConfig.ProblemSettings problems = config.problems();
    violations.require(
        problems.generated()
            ? problems.dev() >= 1
            : !problems.devFile().isEmpty() || problems.devFromTrain() > 0,
        "%s.patience: it is measured on the dev questions, and there are none; see problems.dev, dev_file and dev_from_train",
        where);
  }

  private void train(ExperimentConfig config, Recipe recipe, String where, TrainSettings train) {
    if (train.method() == Learning.PPO) {
      violations.require(
          recipe.ppo() != null,
          "%s.train: by ppo, and there is no section ppo with its settings",
          where);
      Sampling sampling = config.sampling();
      violations.require(
          sampling.treeTemperature() == 1 && sampling.topP() == 1,
          "%s.train: by ppo, whose ratios are to the log-probabilities kept of a completion, and these are at temperature 1 and of the whole vocabulary; it needs sampling.tree_temperature 1 and sampling.top_p 1, found %s and %s",
          where,
          sampling.treeTemperature(),
          sampling.topP());
    }
    if (train.roles() != null) {
      train
          .roles()
          .forEach(
              role ->
                  violations.require(
                      config.roles().contains(role),
                      "%s.train: %s is no role of the team, %s",
                      where,
                      role,
                      config.roles()));
    }
  }
}
