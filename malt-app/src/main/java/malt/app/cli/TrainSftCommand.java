package malt.app.cli;

import java.util.List;
import malt.app.tool.Row;
import malt.app.tool.ToolModel;
import malt.app.tool.TrainingRows;
import malt.data.StoredRows;
import malt.training.SftSettings;
import malt.training.TrainingJob;
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
    StoredRows<Row> rows = options.rows();
    try (ToolModel model = options.open()) {
      TrainingRows data = new TrainingRows(model);
      options.train(
          model,
          new TrainingJob.SftJob(
              "sft",
              rows.mapped(row -> row.located(() -> data.example(row))),
              options.lora(),
              new SftSettings(options.optimizer(learningRate)),
              options.seed(),
              options.out()));
    }
    System.out.println("adapter: " + options.out());
  }
}
