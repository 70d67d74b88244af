package malt.torch.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import malt.ConfigException;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.nn.CausalLm;
import malt.training.AdapterTrainer;
import malt.training.SideBySide;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains LoRA adapters over one resident base, which it never changes. Of several processes that
 * train together, the first writes.
 */
public final class LoraTrainer implements AdapterTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(LoraTrainer.class);

  private final CausalLm model;
  private final LoraBase base;
  private final TrainingData data;
  private final TrainingResources resources;
  private final int jobsAtOnce;
  private final Duration checkpointEvery;

  /**
   * @param base of {@code model}
   * @param resources of each job
   * @param jobsAtOnce jobs that run side by side; one where processes train together, and on an
   *     accelerator
   */
  public LoraTrainer(
      CausalLm model,
      LoraBase base,
      TrainingData data,
      TrainingResources resources,
      int jobsAtOnce) {
    this(model, base, data, resources, jobsAtOnce, Duration.ofMinutes(5));
  }

  /**
   * @param checkpointEvery how much of a job may be lost when the process is killed
   */
  LoraTrainer(
      CausalLm model,
      LoraBase base,
      TrainingData data,
      TrainingResources resources,
      int jobsAtOnce,
      Duration checkpointEvery) {
    this.model = model;
    this.base = base;
    this.data = data;
    this.resources = resources;
    boolean alone = resources.group().size() == 1 && model.tensors().device().isProcessor();
    this.jobsAtOnce = alone ? jobsAtOnce : 1;
    this.checkpointEvery = checkpointEvery;
  }

  /** A job and its data. */
  private record Read(TrainingJob job, TrainingTokens tokens) {
    long steps() {
      return job.method().optimizer().steps(tokens.size());
    }
  }

  @Override
  public void train(List<TrainingJob> jobs, TrainingListener listener) {
    List<Read> all = jobs.stream().map(job -> new Read(job, read(job))).toList();
    listener.started(all.stream().mapToLong(Read::steps).sum());
    SideBySide.run(
        jobsAtOnce, all, listener, (each, told) -> train(each.job(), each.tokens(), told));
  }

  private TrainingTokens read(TrainingJob job) {
    List<List<TokenSequence>> rows = data.read(job.data(), job.method());
    if (rows.isEmpty()) {
      throw new ConfigException(
          "%s: %s holds no row; an adapter is trained on one or more"
              .formatted(job.name(), job.data()));
    }
    return new TrainingTokens(rows);
  }

  private void train(TrainingJob job, TrainingTokens tokens, TrainingListener told) {
    Path start = job.start().directory();
    try (LoraAdapter adapter =
            start == null
                ? FreshAdapter.of(base, job.lora(), job.seed())
                : PeftAdapter.read(start, base);
        TrainingRun run =
            new TrainingRun(job.name(), model, adapter, job.method().optimizer(), resources)) {
      Objective objective = objective(job, tokens, run);
      TrainingCheckpoint checkpoint =
          new TrainingCheckpoint(
              job.output(), JobKey.of(job, base, run.trainable(), objective), checkpointEvery);
      run.train(objective, job.seed(), checkpoint, step -> told.step(job, step));
      if (resources.group().leads()) {
        PeftAdapter.write(job.output(), adapter, base);
        checkpoint.remove();
      }
    }
    told.finished(job);
  }

  private static Objective objective(TrainingJob job, TrainingTokens tokens, TrainingRun run) {
    return job.method()
        .match(
            sft -> new SftObjective(tokens.column(0)),
            dpo -> {
              List<TokenSequence> chosen = tokens.column(0);
              List<TokenSequence> rejected = tokens.column(1);
              warnOfEqualSides(job, chosen, rejected);
              DpoObjective bare = new DpoObjective(DpoLoss.of(dpo), chosen, rejected, List.of());
              // The policy begins as the reference, so one adapter is both, one after the other.
              return bare.withReference(run.logProbs(bare));
            },
            ppo -> {
              PpoObjective bare = new PpoObjective(ppo, tokens.column(0), List.of());
              return ppo.klWeight() == 0 ? bare : bare.withReference(run.tokenLogProbs(bare));
            });
  }

  /** A pair of one answer with itself has a gradient of 0. */
  private static void warnOfEqualSides(
      TrainingJob job, List<TokenSequence> chosen, List<TokenSequence> rejected) {
    long equal =
        IntStream.range(0, chosen.size())
            .filter(i -> Arrays.equals(chosen.get(i).completion(), rejected.get(i).completion()))
            .count();
    if (equal > 0) {
      LOG.warn(
          "{}: {} of {} pairs have the same answer on both sides, which prefers nothing",
          job.name(),
          equal,
          chosen.size());
    }
  }
}
