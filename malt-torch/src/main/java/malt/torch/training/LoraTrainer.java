package malt.torch.training;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import malt.ConfigException;
import malt.model.AdapterRef;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.nn.CausalLm;
import malt.training.AdapterTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains LoRA adapters over one resident base, which it never changes. Jobs may run at the same
 * time on several threads; operations should then use one thread each ({@code
 * LibTorch.setThreads}).
 */
public final class LoraTrainer implements AdapterTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(LoraTrainer.class);

  private final CausalLm model;
  private final LoraBase base;
  private final TrainingMemory memory;
  private final Duration checkpointEvery;

  /**
   * @param base of {@code model}
   */
  public LoraTrainer(CausalLm model, LoraBase base, TrainingMemory memory) {
    this(model, base, memory, Duration.ofMinutes(5));
  }

  /**
   * @param checkpointEvery how much of a job may be lost when the process is killed
   */
  LoraTrainer(CausalLm model, LoraBase base, TrainingMemory memory, Duration checkpointEvery) {
    this.model = model;
    this.base = base;
    this.memory = memory;
    this.checkpointEvery = checkpointEvery;
  }

  @Override
  public AdapterRef train(TrainingJob job, Consumer<TrainingStep> listener) {
    if (job instanceof TrainingJob.SftJob sft) {
      train(sft, listener);
    } else if (job instanceof TrainingJob.DpoJob dpo) {
      train(dpo, listener);
    }
    return new AdapterRef(job.name(), job.output());
  }

  private void train(TrainingJob.SftJob job, Consumer<TrainingStep> listener) {
    if (job.examples().isEmpty()) {
      throw empty(job, "SFT examples", "no completion of this role was judged correct");
    }
    SftObjective objective = new SftObjective(TrainingTokens.of(job).column(0));
    try (LoraAdapter adapter = FreshAdapter.of(base, job.lora(), job.seed())) {
      TrainingRun run =
          new TrainingRun(job.name(), model, adapter, job.settings().optimizer(), memory);
      finish(job, run, objective, adapter, listener);
    }
  }

  private void train(TrainingJob.DpoJob job, Consumer<TrainingStep> listener) {
    if (job.pairs().isEmpty()) {
      throw empty(
          job, "preference pairs", "no prompt of this role has both a good and a bad answer");
    }
    TrainingTokens tokens = TrainingTokens.of(job);
    warnOfEqualSides(job, tokens);
    DpoObjective objective =
        new DpoObjective(DpoLoss.of(job.settings()), tokens.column(0), tokens.column(1), List.of());
    // The policy starts as the reference, so one adapter in memory is both, one after the other.
    var reference = job.reference().directory();
    try (LoraAdapter adapter =
        reference == null
            ? FreshAdapter.of(base, job.lora(), job.seed())
            : PeftAdapter.read(reference, base)) {
      TrainingRun run =
          new TrainingRun(job.name(), model, adapter, job.settings().optimizer(), memory);
      DpoObjective complete = objective.withReference(run.logProbs(objective));
      finish(job, run, complete, adapter, listener);
    }
  }

  /** A pair of one answer with itself has a gradient of 0. */
  private static void warnOfEqualSides(TrainingJob.DpoJob job, TrainingTokens tokens) {
    List<TokenSequence> chosen = tokens.column(0);
    List<TokenSequence> rejected = tokens.column(1);
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

  private void finish(
      TrainingJob job,
      TrainingRun run,
      Objective objective,
      LoraAdapter adapter,
      Consumer<TrainingStep> listener) {
    TrainingCheckpoint checkpoint =
        new TrainingCheckpoint(
            job, JobKey.of(job, base, run.trainable(), objective), checkpointEvery);
    run.train(objective, job.seed(), checkpoint, listener);
    PeftAdapter.write(job.output(), adapter, base);
    checkpoint.remove();
  }

  private static ConfigException empty(TrainingJob job, String what, String why) {
    return new ConfigException(
        "%s has no %s: %s; use more questions, more samples a question or a higher temperature"
            .formatted(job.name(), what, why));
  }
}
