package malt.app.watch;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.experiment.ExperimentConfig;
import malt.experiment.ProgressLog;
import malt.experiment.ProgressLog.Kind;
import malt.experiment.ProgressLog.Line;
import malt.experiment.RunLayout;
import malt.experiment.Task;
import malt.experiment.Timings;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, as its log tells.
 *
 * @param state "running", "stopped", "finished", or "unknown" without a log
 * @param attempts processes that took the run up
 * @param last when the log was written to last, in ISO 8601; null without one
 * @param stages in the order in which they began; of one that was begun again, the last time
 * @param speed tokens a second over the time that was worked
 * @param warnings the newest last, each sentence once
 */
record RunProgress(
    String state,
    int attempts,
    @Nullable String last,
    List<Stage> stages,
    List<Point> speed,
    List<Warning> warnings) {
  private static final int MOST_POINTS = 240;

  /**
   * A stage.
   *
   * @param job as the log has it; empty where there is no log, as are seed and round
   * @param seconds that it took so far; as the run's timings have them where there is no log
   * @param over whether it ended
   */
  record Stage(
      String job,
      long seed,
      String round,
      String name,
      String unit,
      long done,
      long total,
      long tokens,
      double seconds,
      boolean over) {
    boolean does(Task.Job wanted) {
      return job.equals(ProgressLog.label(wanted));
    }
  }

  /**
   * A stretch of work.
   *
   * @param seconds worked when it ended, in all stages and attempts
   * @param rate tokens a second in it
   */
  record Point(double seconds, double rate, String stage) {}

  /** What went otherwise than hoped, when last, and how often it was told. */
  record Warning(String at, String sentence, int times) {}

  static RunProgress read(RunLayout layout, ExperimentConfig config) {
    boolean evaluated = Files.exists(layout.evaluation());
    if (!Files.exists(layout.progress())) {
      String state = evaluated ? "finished" : "unknown";
      return new RunProgress(state, 0, null, timed(layout, config), List.of(), List.of());
    }
    return of(ProgressLog.read(layout.progress()), evaluated);
  }

  private static List<Stage> timed(RunLayout layout, ExperimentConfig config) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (long seed : config.seeds()) {
      if (Files.exists(layout.seed(seed).timings())) {
        Timings.read(layout.seed(seed).timings())
            .forEach((stage, seconds) -> sums.merge(stage, seconds, Double::sum));
      }
    }
    List<Stage> stages = new ArrayList<>();
    sums.forEach(
        (name, seconds) -> stages.add(new Stage("", 0, "", name, "", 0, 0, 0, seconds, true)));
    return stages;
  }

  private static RunProgress of(List<Line> lines, boolean evaluated) {
    Map<String, Stage> stages = new LinkedHashMap<>();
    Map<String, Line> first = new LinkedHashMap<>(); // of the stages under way
    Map<String, Line> before = new LinkedHashMap<>();
    Map<String, Warning> warnings = new LinkedHashMap<>();
    List<Stretch> stretches = new ArrayList<>();
    int attempts = 0;
    for (Line line : lines) {
      if (line.is(Kind.BEGAN)) {
        attempts++;
        first.clear(); // a process that was killed left its stages open
        before.clear();
      } else if (line.is(Kind.WARNING)) {
        Warning known = warnings.remove(line.name());
        int times = known == null ? 1 : known.times() + 1;
        warnings.put(line.name(), new Warning(line.at(), line.name(), times));
      } else if (line.is(Kind.STAGE) || line.is(Kind.STAGE_OVER)) {
        boolean over = line.is(Kind.STAGE_OVER);
        if (first.putIfAbsent(line.name(), line) == null) {
          stages.remove(line.name()); // an earlier attempt's
        }
        Line last = before.put(line.name(), line);
        double seconds = seconds(first.getOrDefault(line.name(), line), line);
        if (last != null && line.tokens() > last.tokens()) {
          stretches.add(
              new Stretch(seconds(last, line), line.tokens() - last.tokens(), line.name()));
        }
        stages.put(
            line.name(),
            new Stage(
                line.job(),
                line.seed(),
                line.round(),
                line.name(),
                line.unit(),
                line.done(),
                line.total(),
                line.tokens(),
                seconds,
                over));
        if (over) {
          first.remove(line.name());
          before.remove(line.name());
        }
      }
    }
    boolean left = !lines.isEmpty() && lines.get(lines.size() - 1).is(Kind.LEFT);
    return new RunProgress(
        left ? (evaluated ? "finished" : "stopped") : "running",
        attempts,
        lines.isEmpty() ? null : lines.get(lines.size() - 1).at(),
        List.copyOf(stages.values()),
        speed(stretches),
        List.copyOf(warnings.values()));
  }

  /** Tokens that came in some seconds. */
  private record Stretch(double seconds, long tokens, String stage) {}

  private static double seconds(Line from, Line to) {
    return Duration.between(Instant.parse(from.at()), Instant.parse(to.at())).toMillis() / 1000.0;
  }

  private static List<Point> speed(List<Stretch> stretches) {
    double worked = stretches.stream().mapToDouble(Stretch::seconds).sum();
    List<Point> points = new ArrayList<>();
    double until = 0;
    double seconds = 0;
    long tokens = 0;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      seconds += stretch.seconds();
      tokens += stretch.tokens();
      until += stretch.seconds();
      boolean end =
          i == stretches.size() - 1 || !stretches.get(i + 1).stage().equals(stretch.stage());
      if (seconds > 0 && (end || seconds >= worked / MOST_POINTS)) {
        points.add(new Point(until, tokens / seconds, stretch.stage()));
        seconds = 0;
        tokens = 0;
      }
    }
    return points;
  }

  /** Whether this is being done now, for any seed and round. */
  boolean at(Task.Job job) {
    return underWay().anyMatch(stage -> stage.does(job));
  }

  /** Whether this is being done now for the seed's round. */
  boolean at(Task.Job job, long seed, String round) {
    return underWay()
        .anyMatch(stage -> stage.does(job) && stage.seed() == seed && stage.round().equals(round));
  }

  private Stream<Stage> underWay() {
    return state.equals("running")
        ? stages.stream().filter(stage -> !stage.over())
        : Stream.empty();
  }
}
