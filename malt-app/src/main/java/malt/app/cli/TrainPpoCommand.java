package malt.app.cli;

import java.nio.file.Path;
import malt.model.AdapterRef;
import malt.training.PpoSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ppo",
    description = {
      "Optimises an adapter as a policy by the advantages of sampled completions in a file.",
      "Rows are {\"prompt\", \"completion_ids\", \"completion_log_probs\", \"advantage\"}; the prompt"
          + " is a text, chat messages, which the model's template lays out, or prompt_ids. The"
          + " log-probabilities are those at temperature 1 that the completion was sampled with."
    })
final class TrainPpoCommand implements Runnable {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "where training begins, and the frozen reference; default: the bare base")
  private @Nullable Path adapter;

  @Option(names = "--learning-rate", description = "default: ${DEFAULT-VALUE}")
  private double learningRate = 1e-5;

  @Option(
      names = "--level",
      description = "what has a ratio: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private PpoSettings.Level level = PpoSettings.Level.TOKEN;

  @Option(
      names = "--clip-low",
      description = "how far a ratio counts below 1; default: ${DEFAULT-VALUE}")
  private double clipLow = 0.2;

  @Option(
      names = "--clip-high",
      description = "how far a ratio counts above 1; default: ${DEFAULT-VALUE}")
  private double clipHigh = 0.2;

  @Option(
      names = "--kl-weight",
      description = "of the divergence from where training begins; default: ${DEFAULT-VALUE}")
  private double klWeight = 0;

  @Override
  public void run() {
    PpoSettings settings =
        new PpoSettings(options.optimizer(learningRate), level, clipLow, clipHigh, klWeight, false);
    options.check(learningRate, OptionRules.TRAINING.policy(settings));
    options.train(settings, adapter == null ? AdapterRef.BASE : new AdapterRef("start", adapter));
  }
}
