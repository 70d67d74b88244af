package malt.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.Interruption;
import malt.data.DatasetFiles;

/**
 * Trains nothing: writes directories that say what would have been trained, one job after the
 * other, and remembers the jobs that ended.
 */
public final class RecordingTrainer implements AdapterTrainer {
  private static final String FILE = "trained";

  private final List<TrainingJob> jobs = new ArrayList<>();

  @Override
  public void train(List<TrainingJob> all, TrainingListener listener) {
    List<Integer> steps = all.stream().map(RecordingTrainer::steps).toList();
    listener.started(steps.stream().mapToLong(Integer::longValue).sum());
    for (int i = 0; i < all.size(); i++) {
      train(all.get(i), steps.get(i), listener);
    }
  }

  private static int steps(TrainingJob job) {
    int examples =
        job.method()
            .match(
                sft -> DatasetFiles.readExamples(job.data()).size(),
                dpo -> DatasetFiles.readPairs(job.data()).size(),
                ppo -> DatasetFiles.readPolicy(job.data()).size());
    if (examples == 0) {
      throw new ConfigException("%s: %s holds no row".formatted(job.name(), job.data()));
    }
    return job.method().optimizer().steps(examples);
  }

  private void train(TrainingJob job, int steps, TrainingListener listener) {
    try {
      Path start = job.start().directory();
      String before = start == null ? "the base" : Files.readString(start.resolve(FILE));
      for (int step = 1; step <= steps; step++) {
        Interruption.check("training");
        Map<String, Double> metrics = Map.of("loss", job.seed() % 7 / 7.0);
        listener.step(job, new TrainingStep(step, steps, 10, metrics));
      }
      Path directory = Files.createDirectories(job.output());
      Files.writeString(
          directory.resolve(FILE),
          "%s %d, %d steps from (%s)".formatted(job.method().label(), job.seed(), steps, before));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    jobs.add(job);
    listener.finished(job);
  }

  /** Those whose adapter was written, in that order. */
  public List<TrainingJob> jobs() {
    return List.copyOf(jobs);
  }

  public List<String> names() {
    return jobs.stream().map(TrainingJob::name).toList();
  }

  public TrainingJob job(String name) {
    return jobs.stream().filter(job -> job.name().equals(name)).findFirst().orElseThrow();
  }
}
