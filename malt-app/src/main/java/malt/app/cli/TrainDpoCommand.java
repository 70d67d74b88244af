package malt.app.cli;

import java.nio.file.Path;
import malt.model.AdapterRef;
import malt.training.DpoSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "dpo",
    description = {
      "Optimises an adapter for preferences in a file.",
      "Rows are {\"prompt\", \"chosen\", \"rejected\"}: texts, or chat messages, which the model's"
          + " template lays out. Ids beside them (prompt_ids, chosen_ids, rejected_ids) are taken"
          + " as they are."
    })
final class TrainDpoCommand implements Runnable {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Option(
      names = "--reference-adapter",
      paramLabel = "DIR",
      description = "where training begins, and the frozen reference; default: the bare base")
  private @Nullable Path reference;

  @Option(names = "--learning-rate", description = "default: ${DEFAULT-VALUE}")
  private double learningRate = 5e-5;

  @Option(names = "--beta", description = "default: ${DEFAULT-VALUE}")
  private double beta = 0.2;

  @Option(
      names = "--nll-weight",
      description = "of the chosen side (RPO); default: ${DEFAULT-VALUE}")
  private double nllWeight = 0;

  @Option(names = "--length-normalised", description = "rewards by token")
  private boolean lengthNormalised;

  @Override
  public void run() {
    DpoSettings settings =
        new DpoSettings(options.optimizer(learningRate), beta, nllWeight, lengthNormalised);
    options.check(learningRate, OptionRules.TRAINING.preferences(settings));
    options.train(
        settings, reference == null ? AdapterRef.BASE : new AdapterRef("reference", reference));
  }
}
