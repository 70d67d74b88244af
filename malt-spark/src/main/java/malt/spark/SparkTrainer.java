package malt.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import malt.MaltException;
import malt.app.run.Cluster.GroupTraining;
import malt.model.AdapterRef;
import malt.torch.tensor.PeerLostException;
import malt.torch.tensor.ProcessGroup;
import malt.training.AdapterTrainer;
import malt.training.LoraSettings;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingMethod;
import malt.training.TrainingStep;
import org.apache.spark.BarrierTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Trains adapters by all executors together, one adapter after the other: a barrier stage, in which
 * each works on its part of every batch and gradients are summed by Gloo. An executor that is lost
 * ends the stage, which Spark then begins again; training goes on from its last checkpoint.
 */
final class SparkTrainer implements AdapterTrainer {
  private final SparkJobs jobs;
  private final GroupTraining training;

  SparkTrainer(SparkJobs jobs, GroupTraining training) {
    this.jobs = jobs;
    this.training = training;
  }

  /** A job on its way; paths are not serializable, and relative ones are the driver's. */
  private record Sent(
      String name,
      TrainingMethod method,
      String data,
      AdapterRef start,
      LoraSettings lora,
      long seed,
      String output)
      implements Serializable {
    static Sent of(TrainingJob job) {
      return new Sent(
          job.name(),
          job.method(),
          job.data().toAbsolutePath().toString(),
          job.start(),
          job.lora(),
          job.seed(),
          job.output().toAbsolutePath().toString());
    }

    TrainingJob job() {
      return new TrainingJob(name, method, Path.of(data), start, lora, seed, Path.of(output));
    }
  }

  /**
   * What the listener is told, in order.
   *
   * @param job its place among the jobs; -1 for the start of all
   * @param step null where the job is finished
   */
  private record Told(int job, long steps, @Nullable TrainingStep step) implements Serializable {}

  /** What came of a rank's work. */
  private record Outcome(int rank, List<Told> told, @Nullable Failure failure)
      implements Serializable {}

  @Override
  public void train(List<TrainingJob> wanted, TrainingListener listener) {
    List<Sent> sent = List.copyOf(wanted.stream().map(Sent::of).toList());
    GroupTraining each = training;
    List<Outcome> outcomes = new ArrayList<>();
    jobs.together(
        "train %d adapters".formatted(sent.size()), rank -> train(each, sent), outcomes::add);
    for (Outcome outcome : outcomes) {
      if (outcome.rank() == 0) {
        outcome.told().forEach(told -> tell(wanted, told, listener));
      }
    }
    for (Outcome outcome : outcomes) {
      if (outcome.failure() != null) {
        throw outcome.failure().exception();
      }
    }
  }

  private static void tell(List<TrainingJob> jobs, Told told, TrainingListener listener) {
    if (told.job() < 0) {
      listener.started(told.steps());
    } else if (told.step() == null) {
      listener.finished(jobs.get(told.job()));
    } else {
      listener.step(jobs.get(told.job()), Objects.requireNonNull(told.step()));
    }
  }

  /** On an executor. */
  private static Outcome train(GroupTraining training, List<Sent> sent) {
    BarrierTaskContext context = BarrierTaskContext.get();
    int rank = context.partitionId();
    List<String> hosts =
        Arrays.stream(context.getTaskInfos())
            .map(info -> info.address().replaceFirst(":\\d+$", ""))
            .toList();
    List<Told> told = new ArrayList<>();
    try (ProcessGroup group =
        ProcessGroup.join(
            rank, hosts, port -> Integer.parseInt(context.allGather(String.valueOf(port))[0]))) {
      List<TrainingJob> jobs = sent.stream().map(Sent::job).toList();
      training.train(group, jobs, recorder(jobs, told));
      return new Outcome(rank, told, null);
    } catch (PeerLostException e) {
      throw e; // for Spark, which begins the stage again
    } catch (MaltException e) {
      return new Outcome(rank, told, Failure.of(e));
    }
  }

  private static TrainingListener recorder(List<TrainingJob> jobs, List<Told> told) {
    return new TrainingListener() {
      @Override
      public void started(long steps) {
        told.add(new Told(-1, steps, null));
      }

      @Override
      public void step(TrainingJob job, TrainingStep step) {
        told.add(new Told(jobs.indexOf(job), 0, step));
      }

      @Override
      public void finished(TrainingJob job) {
        told.add(new Told(jobs.indexOf(job), 0, null));
      }
    };
  }
}
