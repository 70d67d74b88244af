package malt.experiment;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import malt.ConfigException;
import malt.experiment.ExperimentConfig.RoundSettings;
import malt.experiment.ExperimentConfig.Sampling;
import malt.experiment.ExperimentConfig.ScheduleSettings;
import malt.experiment.ExperimentConfig.TrainSettings;

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
    violations.require(
        run.stream().map(config.schedules()::get).map(this::label).distinct().count() == run.size(),
        "run: two schedules have the same label");
    int turns = TeamChain.turns(config).size();
    for (Map.Entry<String, ScheduleSettings> schedule : config.schedules().entrySet()) {
      if (run.contains(schedule.getKey())) {
        schedule(config, schedule.getKey(), schedule.getValue(), turns);
      }
    }
    if (violations.count() == before && turns > 0) {
      try {
        Plan.of(config);
      } catch (ConfigException e) {
        violations.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private String label(ScheduleSettings schedule) {
    return schedule == null ? "" : schedule.label();
  }

  private void schedule(
      ExperimentConfig config, String name, ScheduleSettings schedule, int turns) {
    violations.require(
        NAME.matcher(name).matches(), "schedules: the name %s must match %s", name, NAME);
    violations.require(
        !schedule.rounds().isEmpty(), "schedules.%s.rounds: at least one is needed", name);
    HashSet<String> rounds = new HashSet<>();
    for (RoundSettings round : schedule.rounds()) {
      String where = "schedules.%s.rounds.%s".formatted(name, round.name());
      violations.require(
          NAME.matcher(round.name()).matches(), "%s: the name must match %s", where, NAME);
      violations.require(rounds.add(round.name()), "%s: two rounds have this name", where);
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
      Double threshold = round.threshold();
      violations.require(
          threshold == null || (threshold >= 0 && threshold < 1),
          "%s.threshold: in [0, 1), found %s",
          where,
          threshold);
      Integer repeat = round.repeat();
      violations.require(
          repeat == null || repeat >= 1, "%s.repeat: 1 or more, found %s", where, repeat);
      round.train().forEach(train -> train(config, where, train));
    }
  }

  private void train(ExperimentConfig config, String where, TrainSettings train) {
    if (train.method() == Learning.PPO) {
      violations.require(
          config.ppo() != null,
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
