package malt.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.app.tool.TrainingRows;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.local.LocalModel;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingResources;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;

/**
 * Samples from a model on disk, trains an adapter on a few rows, and samples under it. Arguments:
 * the model's directory, such as models/nano, and a folder for the results.
 */
public final class SampleAndTrain {
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    // region: sample
    try (LocalModel model = LocalModel.open(Path.of(args[0]))) {
      LanguageModel sampler = model.sampler();
      Prompt prompt =
          Prompt.of("Tom has 13 coins. Then Tom gets 24 more. How many coins does Tom have?");
      SamplingParams sampling = new SamplingParams(0.7, 1, 64); // temperature, top-p, most tokens
      List<Long> seeds = List.of(1L, 2L, 3L); // one for each completion wanted
      SamplingRequest request = new SamplingRequest(prompt, AdapterRef.BASE, sampling, seeds);
      sampler.sample(List.of(request)).get(0).forEach(one -> System.out.println(one.text()));
      // endregion
      // region: train
      Path rows =
          Files.writeString(
              folder.resolve("rows.jsonl"),
              """
              {"prompt": [{"role": "user", "content": "Ann has 2 pens. How many pens now?"}], \
              "completion": "Looks good."}
              {"prompt": [{"role": "user", "content": "Max has 8 books. How many books now?"}], \
              "completion": "Looks good."}
              """);
      TrainingJob job =
          new TrainingJob(
              "example",
              new SftSettings(OptimizerSettings.of(0.005, 2, 20)), // rate, batch size, epochs
              rows,
              AdapterRef.BASE, // what training begins at
              new LoraSettings(16, 32, false, LoraSettings.TARGETS),
              1, // the seed
              folder.resolve("adapter"));
      TrainingResources resources = new TrainingResources(2048, false, model.threads());
      new LoraTrainer(model.base(), model.lora(), new TrainingRows(model), resources, 1)
          .train(List.of(job), (of, step) -> System.out.println(step.line()));
      AdapterRef adapter = new AdapterRef(job.name(), job.output());
      SamplingRequest again = new SamplingRequest(prompt, adapter, sampling, seeds);
      sampler.sample(List.of(again)).get(0).forEach(one -> System.out.println(one.text()));
    }
    // endregion
  }
}
