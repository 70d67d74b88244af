package malt.app.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import malt.MaltException;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.TrackingSettings;
import malt.experiment.Manifest;
import malt.experiment.RunLayout;
import org.jspecify.annotations.Nullable;

/**
 * Tells an MLflow server of a run while it goes on, from the run's directory, on a thread of its
 * own. Whatever becomes of the server, the run does not notice but for a warning; what could not be
 * told is told when the server answers again, or by the next attempt at the run.
 */
public final class Tracking implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(20);
  private static final int MOST_METRICS = 1000; // of a call
  private static final int MOST_PARAMETERS = 100; // of a call
  private static final int LONGEST_VALUE = 500; // of a parameter, in every version

  private final TrackingSettings settings;
  private final TrackedRun run;
  private final RunLayout layout;
  private final MlflowClient client;
  private final Consumer<String> warnings;
  private final Duration pause;
  private final Thread thread = new Thread(this::follow, "tracking");
  private final CountDownLatch ending = new CountDownLatch(1);
  private Told told;
  private MlflowClient.@Nullable Run kept;
  private boolean warned;

  Tracking(
      TrackingSettings settings,
      TrackedRun run,
      MlflowClient client,
      Consumer<String> warnings,
      Duration pause) {
    this.settings = settings;
    this.run = run;
    this.layout = run.layout();
    this.client = client;
    this.warnings = warnings;
    this.pause = pause;
    this.told = Told.read(layout.tracking(), settings.mlflow());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins to tell of a run that was begun, if its configuration names a server.
   *
   * @param warnings told in a sentence what the server does not take
   */
  public static Optional<Tracking> of(
      ExperimentConfig config, RunLayout layout, Consumer<String> warnings) {
    TrackingSettings settings = config.tracking();
    return settings == null
        ? Optional.empty()
        : Optional.of(
            new Tracking(
                settings,
                new TrackedRun(config, layout),
                new MlflowClient(settings.mlflow(), System.getenv()),
                warnings,
                PAUSE));
  }

  private void follow() {
    try {
      do {
        tell(MlflowClient.Status.RUNNING);
      } while (!ending.await(pause.toMillis(), TimeUnit.MILLISECONDS));
      tell(run.finished() ? MlflowClient.Status.FINISHED : MlflowClient.Status.KILLED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells what is new; on any trouble, tells the user once and tries again later. */
  private void tell(MlflowClient.Status status) throws InterruptedException {
    try {
      MlflowClient.Run at = kept();
      parameters(at);
      metrics(at);
      if (status != MlflowClient.Status.RUNNING) {
        files(at);
        client.update(at, status, System.currentTimeMillis());
      }
    } catch (IOException | MaltException e) {
      warn(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
    } catch (RuntimeException e) { // a mistake of this program must not end the run either
      warn("unexpected: " + e);
    }
  }

  private void warn(String what) {
    if (!warned) {
      warned = true;
      warnings.accept(
          "MLflow at %s cannot be told of this run (%s); the run goes on, and what is missing is told when the server takes it"
              .formatted(settings.mlflow(), what));
    }
  }

  /** The run on the server: that of the attempt before, or a new one. */
  private MlflowClient.Run kept() throws IOException, InterruptedException {
    MlflowClient.Run known = kept;
    if (known == null) {
      Optional<MlflowClient.Run> before =
          told.run().isEmpty() ? Optional.empty() : client.run(told.run());
      if (before.isPresent()) {
        known = before.get();
        client.update(known, MlflowClient.Status.RUNNING, null);
      } else {
        known = create();
        told = Told.nothing(settings.mlflow()).of(known.id());
        told.write(layout.tracking());
      }
      kept = known;
      if (!MlflowClient.takesFiles(known)) {
        warn(
            "it keeps files at %s, which only a client of that store can write; start it with --serve-artifacts"
                .formatted(known.artifacts()));
      }
    }
    return known;
  }

  private MlflowClient.Run create() throws IOException, InterruptedException {
    Manifest manifest = Manifest.read(layout.manifest());
    String experiment = settings.experiment() == null ? "malt" : settings.experiment();
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("malt.version", manifest.malt());
    tags.put("malt.java", manifest.java());
    tags.put("malt.system", manifest.system());
    tags.put("malt.base", manifest.base());
    return client.create(
        client.experiment(experiment),
        manifest.name(),
        Instant.parse(manifest.begun()).toEpochMilli(),
        tags);
  }

  private void parameters(MlflowClient.Run at) throws IOException, InterruptedException {
    if (told.parameters()) {
      return;
    }
    Map<String, String> some = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : run.parameters().entrySet()) {
      String value = parameter.getValue();
      some.put(
          name(parameter.getKey()),
          value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE - 1) + "…" : value);
      if (some.size() == MOST_PARAMETERS) {
        client.log(at, some, List.of());
        some.clear();
      }
    }
    client.log(at, some, List.of());
    told = told.withParameters();
    told.write(layout.tracking());
  }

  private void metrics(MlflowClient.Run at) throws IOException, InterruptedException {
    long now = System.currentTimeMillis();
    List<MlflowClient.Metric> batch = new ArrayList<>();
    Map<String, Integer> steps = new LinkedHashMap<>();
    for (TrackedRun.Series series : run.series()) {
      int known = told.steps().getOrDefault(series.name(), 0);
      for (int step = known + 1; step <= series.points().size(); step++) {
        List<MlflowClient.Metric> more = metrics(series, step, now);
        if (batch.size() + more.size() > MOST_METRICS) {
          log(at, batch, steps);
        }
        batch.addAll(more);
        steps.put(series.name(), step);
      }
    }
    log(at, batch, steps);
  }

  private static List<MlflowClient.Metric> metrics(TrackedRun.Series series, int step, long now) {
    List<MlflowClient.Metric> metrics = new ArrayList<>();
    series
        .points()
        .get(step - 1)
        .forEach(
            (name, value) -> {
              if (Double.isFinite(value)) {
                String key = name(series.name() + "/" + name);
                metrics.add(new MlflowClient.Metric(key, value, now, step));
              }
            });
    return metrics;
  }

  /** Sends a batch, remembers how far each series was told with it, and empties both. */
  private void log(MlflowClient.Run at, List<MlflowClient.Metric> batch, Map<String, Integer> steps)
      throws IOException, InterruptedException {
    if (!steps.isEmpty()) {
      client.log(at, Map.of(), batch);
      told = told.withSteps(steps);
      told.write(layout.tracking());
      batch.clear();
      steps.clear();
    }
  }

  /** Names of MLflow have letters, digits and a few signs. */
  private static String name(String ours) {
    return ours.replaceAll("[^A-Za-z0-9_\\-. /]", "_");
  }

  private void files(MlflowClient.Run at) throws IOException, InterruptedException {
    if (!MlflowClient.takesFiles(at)) {
      return;
    }
    for (Map.Entry<String, Path> file : run.files().entrySet()) {
      String stamp =
          "%d %s"
              .formatted(Files.size(file.getValue()), Files.getLastModifiedTime(file.getValue()));
      if (!stamp.equals(told.files().get(file.getKey()))) {
        client.put(at, file.getValue(), file.getKey());
        told = told.withFile(file.getKey(), stamp);
        told.write(layout.tracking());
      }
    }
  }

  /** Tells the rest, for which a server that hangs is given 20 seconds, and the run's end. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    ending.countDown();
    try {
      thread.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    thread.interrupt();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
