package malt.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import malt.model.AdapterRef;
import malt.training.AdapterTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingStep;

/** Writes a directory that says what was trained, and remembers the jobs. */
final class RecordingTrainer implements AdapterTrainer {
  private final List<TrainingJob> jobs = new ArrayList<>();

  @Override
  public AdapterRef train(TrainingJob job, Consumer<TrainingStep> listener) {
    synchronized (jobs) {
      jobs.add(job);
    }
    listener.accept(new TrainingStep(1, job.steps(), 10, Map.of("loss", job.seed() % 7 / 7.0)));
    try {
      Path directory = Files.createDirectories(job.output());
      Files.writeString(directory.resolve("trained"), job.name() + " " + job.seed());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AdapterRef(job.name(), job.output());
  }

  List<TrainingJob> jobs() {
    synchronized (jobs) {
      return List.copyOf(jobs);
    }
  }

  List<String> names() {
    return jobs().stream().map(TrainingJob::name).toList();
  }

  TrainingJob job(String name) {
    return jobs().stream().filter(job -> job.name().equals(name)).findFirst().orElseThrow();
  }
}
