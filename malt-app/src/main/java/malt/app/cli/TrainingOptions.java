package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.MaltException;
import malt.app.progress.ProgressBar;
import malt.app.tool.JsonRows;
import malt.app.tool.Row;
import malt.app.tool.ToolModel;
import malt.app.tool.TrainingLog;
import malt.data.StoredRows;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingMemory;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.TrainingJob;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What training on a file alone is told, whatever its loss. */
final class TrainingOptions {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "JSON lines under TRL's keys")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "where the adapter is written, in PEFT's format")
  private Path out = Path.of("");

  @Option(names = "--rank", description = "of the adapter; default: ${DEFAULT-VALUE}")
  private int rank = 16;

  @Option(names = "--alpha", description = "scale is alpha / rank; default: ${DEFAULT-VALUE}")
  private double alpha = 32;

  @Option(names = "--rslora", description = "scale is alpha / sqrt(rank) instead")
  private boolean rslora;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "NAME",
      description = "linear maps adapted; default: ${DEFAULT-VALUE}")
  private List<String> targets = LoraSettings.TARGETS;

  @Option(names = "--batch-size", description = "examples of a step; default: ${DEFAULT-VALUE}")
  private int batchSize = 8;

  @Option(names = "--epochs", description = "default: ${DEFAULT-VALUE}")
  private int epochs = 1;

  @Option(
      names = "--warmup",
      description = "share of steps with a rising rate; default: ${DEFAULT-VALUE}")
  private double warmup = 0.05;

  @Option(names = "--weight-decay", description = "default: ${DEFAULT-VALUE}")
  private double weightDecay = 0;

  @Option(names = "--max-gradient-norm", description = "default: ${DEFAULT-VALUE}")
  private double maxGradientNorm = 1;

  @Option(
      names = "--seed",
      description = "of the order and the first values; default: ${DEFAULT-VALUE}")
  private long seed = 0;

  @Option(
      names = "--batch-tokens",
      description = "most tokens in one forward; default: ${DEFAULT-VALUE}")
  private int batchTokens = 2048;

  @Option(names = "--recompute-activations", description = "less memory, a third more work")
  private boolean recompute;

  /**
   * Refuses what a configuration could not say either, before anything is read.
   *
   * @param more what is wrong besides
   * @throws malt.ConfigException naming all violations
   */
  void check(double learningRate, List<String> more) {
    List<String> violations = new ArrayList<>();
    violations.addAll(OptionRules.TRAINING.optimizer(optimizer(learningRate)));
    violations.addAll(OptionRules.TRAINING.adapter(lora()));
    violations.addAll(more);
    violations.addAll(OptionRules.atLeast("--batch-tokens", 1, batchTokens));
    violations.addAll(model.violations());
    OptionRules.require(violations);
  }

  ToolModel open() {
    return model.open();
  }

  StoredRows<Row> rows() {
    StoredRows<Row> rows = JsonRows.read(data);
    if (rows.isEmpty()) {
      throw new MaltException(data + " holds no row");
    }
    return rows;
  }

  LoraSettings lora() {
    return new LoraSettings(rank, alpha, rslora, targets);
  }

  OptimizerSettings optimizer(double learningRate) {
    return new OptimizerSettings(
        learningRate, 0.9, 0.999, weightDecay, warmup, 0.1, maxGradientNorm, batchSize, epochs);
  }

  long seed() {
    return seed;
  }

  Path out() {
    return out;
  }

  /** Trains with a progress bar, and leaves a line for each step beside the adapter. */
  void train(ToolModel open, TrainingJob job) {
    TrainingLog log = new TrainingLog();
    try (ProgressBar bar = RowOptions.bar("train " + job.name(), "steps", job.steps())) {
      new LoraTrainer(open.base(), open.lora(), new TrainingMemory(batchTokens, recompute))
          .train(
              job,
              step -> {
                log.add(step);
                bar.advance(1);
                bar.tokens(step.tokens());
                bar.note("loss %.3f".formatted(step.metrics().get("loss")));
              });
    }
    log.write(out.resolve("metrics.jsonl"));
  }
}
