package malt.app.cli;

import java.util.List;
import malt.model.AdapterRef;
import malt.training.SftSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sft",
    description = {
      "Fine-tunes an adapter on a file.",
      "Rows are {\"prompt\", \"completion\"}: texts, or chat messages, which the model's template "
          + "lays out. Ids beside them (prompt_ids, completion_ids) are taken as they are."
    })
final class TrainSftCommand implements Runnable {
  @Mixin private TrainingOptions options = new TrainingOptions();

  @Option(names = "--learning-rate", description = "default: ${DEFAULT-VALUE}")
  private double learningRate = 2e-4;

  @Override
  public void run() {
    options.check(learningRate, List.of());
    options.train(new SftSettings(options.optimizer(learningRate)), AdapterRef.BASE);
  }
}
