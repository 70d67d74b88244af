package malt.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.AtomicFiles;
import malt.MaltException;
import malt.app.tool.TrainingRows;
import malt.experiment.Task;
import malt.experiment.TrainingProgress;
import malt.model.AdapterRef;
import malt.torch.local.LocalModel;
import malt.torch.process.ProcessTrainer;
import malt.torch.process.TrainerProgram;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingResources;
import malt.training.AdapterTrainer;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.TrainingJob;
import malt.training.TrainingMethod;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--trainer",
      paramLabel = "COMMAND",
      description = {
        "a program that trains instead, such as \"python3 trainers/trl.py\", split at spaces; see",
        "docs/trainers.md"
      })
  private @Nullable String trainer;

  /**
   * Refuses what a configuration could not say either, before anything is read.
   *
   * @param more what is wrong besides
   * @throws malt.ConfigException naming all violations
   * @throws MaltException if there is no data
   */
  void check(double learningRate, List<String> more) {
    List<String> violations = new ArrayList<>();
    violations.addAll(OptionRules.TRAINING.optimizer(optimizer(learningRate)));
    violations.addAll(OptionRules.TRAINING.adapter(lora()));
    violations.addAll(more);
    violations.addAll(OptionRules.atLeast("--batch-tokens", 1, batchTokens));
    violations.addAll(model.violations());
    OptionRules.require(violations);
    if (!Files.exists(data)) { // or it would be missed only once the model is there
      throw new MaltException("%s does not exist".formatted(data));
    }
  }

  private LoraSettings lora() {
    return new LoraSettings(rank, alpha, rslora, targets);
  }

  OptimizerSettings optimizer(double learningRate) {
    return new OptimizerSettings(
        learningRate, 0.9, 0.999, weightDecay, warmup, 0.1, maxGradientNorm, batchSize, epochs);
  }

  /**
   * Trains with a progress bar, and leaves a line for each step beside the adapter.
   *
   * @param start where training begins; for DPO and PPO also the frozen reference
   */
  void train(TrainingMethod method, AdapterRef start) {
    TrainingJob job = new TrainingJob(method.label(), method, data, start, lora(), seed, out);
    Path metrics = out.resolveSibling(out.getFileName() + ".metrics.jsonl"); // until out is there
    try (LocalModel open = model.open();
        TrainingProgress progress =
            new TrainingProgress(
                new StageBars(), Task.training(job.name()), Map.of(job, metrics))) {
      trainer(open).train(List.of(job), progress);
    }
    Path place = out.resolve("metrics.jsonl");
    try {
      AtomicFiles.replace(metrics, place);
    } catch (IOException e) {
      throw new MaltException("cannot move %s to %s: %s".formatted(metrics, place, e), e);
    }
    System.out.println("adapter: " + out);
  }

  private AdapterTrainer trainer(LocalModel open) {
    TrainingRows rows = new TrainingRows(open);
    if (trainer == null) {
      TrainingResources resources = new TrainingResources(batchTokens, recompute, open.threads());
      return new LoraTrainer(open.base(), open.lora(), rows, resources, 1);
    }
    List<String> command = List.of(trainer.strip().split("\\s+"));
    TrainerProgram program =
        new TrainerProgram(
            List.of(), command, model.directory(), model.dtype(), batchTokens, recompute);
    return new ProcessTrainer(open.lora(), rows, program, 1);
  }
}
