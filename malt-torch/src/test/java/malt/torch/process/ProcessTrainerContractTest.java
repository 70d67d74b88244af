package malt.torch.process;

import java.nio.file.Path;
import java.util.List;
import malt.model.Dtype;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.training.TrainingData;
import malt.training.AdapterTrainer;
import malt.training.AdapterTrainerContract;

/** A stand-in for a program, three processes side by side. */
class ProcessTrainerContractTest extends AdapterTrainerContract {
  @Override
  protected AdapterTrainer trainer() {
    return trainer(3, List.of());
  }

  static AdapterTrainer trainer(int jobsAtOnce, List<String> launcher, String... words) {
    try (CausalLm model = TinyModels.random(1)) {
      LoraBase base = LoraBase.of("tiny", model.config(), model.weights(), "");
      TrainerProgram program =
          new TrainerProgram(
              launcher,
              StandInTrainer.command(words),
              Path.of("no-directory"),
              Dtype.FLOAT32,
              64,
              false);
      return new ProcessTrainer(base, TrainingData::sets, program, jobsAtOnce);
    }
  }
}
