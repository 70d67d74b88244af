package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import malt.ConfigException;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.model.AdapterRef;

/** What of the plan is done in a seed, told by its files. */
final class Finished {
  private final RunLayout.Seed layout;
  private final Teams teams;
  private final EarlyStopping stopping;

  Finished(Teams teams, RunLayout.Seed layout) {
    this.layout = layout;
    this.teams = teams;
    this.stopping = new EarlyStopping(layout);
  }

  /** Whether a round is a repetition that the ones before it ended. */
  boolean skips(Plan.Round round) {
    return stopping.skips(round);
  }

  /** Whether the training sets of a round are complete. */
  boolean collected(Plan.Round round) {
    return Files.exists(layout.round(round.name()).statistics());
  }

  /** Whether the team of a round was asked the dev questions where that is needed. */
  boolean measured(Plan.Round round) {
    Plan.EarlyStop stop = round.stop();
    return stop == null
        || stopping.measured(stop).size() >= stop.rounds().indexOf(round.name()) + 2;
  }

  /**
   * What a training begins at; none where that was to be trained first and had nothing to learn.
   */
  Optional<AdapterRef> start(Plan.Training training) {
    boolean fromBase =
        training.start().stream().allMatch(Plan.Adapter::given)
            || training.method() == Learning.PPO;
    Optional<AdapterRef> newest = teams.newest(training.start());
    return newest.isEmpty() && fromBase ? Optional.of(AdapterRef.BASE) : newest;
  }

  /** Whether there is something to train on; of a round that is collected. */
  boolean filled(Plan.Round round, Plan.Training training) {
    Path set = layout.round(round.name()).set(training.adapter().role(), training.method());
    try {
      return Files.size(set) > 0;
    } catch (IOException e) {
      throw new MaltException("cannot read training set %s: %s".formatted(set, e), e);
    }
  }

  /** Metrics are written after the adapter: without them its job is not over. */
  boolean trained(Plan.Round round, Plan.Training training) {
    RunLayout.Round part = layout.round(round.name());
    AgentRole role = training.adapter().role();
    return Files.isDirectory(part.adapter(role, training.method()))
        && Files.exists(part.metrics(role, training.method()));
  }

  /**
   * Refuses a schedule of which something is still to be done.
   *
   * @throws ConfigException naming what comes first
   */
  void require(Plan.Schedule schedule) {
    schedule.rounds().stream().filter(round -> !skips(round)).forEach(this::require);
  }

  private void require(Plan.Round round) {
    Path root = layout.round(round.name()).root();
    if (!collected(round)) {
      throw unfinished("%s: the training trees are not complete yet", root);
    }
    for (Plan.Step step : round.steps()) {
      for (Plan.Training training : step.trainings()) {
        if (filled(round, training) && start(training).isPresent() && !trained(round, training)) {
          throw unfinished("%s: the %s is not trained yet", root, training.adapter().role());
        }
      }
    }
    if (!measured(round)) {
      throw unfinished(
          "%s: its team has not answered the dev questions yet, which tell whether it is the best",
          root);
    }
  }

  private static ConfigException unfinished(String what, Object... values) {
    return new ConfigException(what.formatted(values) + "; finish with malt train or malt run");
  }
}
