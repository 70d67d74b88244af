package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.TensorScope;
import malt.training.AdapterTrainer;
import malt.training.AdapterTrainerContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Three jobs side by side over one model; on an accelerator one after the other. */
@ParameterizedClass
@MethodSource("malt.torch.tensor.Devices#all")
class LoraTrainerContractTest extends AdapterTrainerContract {
  private final Device device;
  private long before;
  private CausalLm model;

  LoraTrainerContractTest(Device device) {
    this.device = Devices.assumed(device);
  }

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    LibTorch.setThreads(1);
    model = Devices.placed(device, TinyModels.random(1));
  }

  @AfterEach
  void close_and_nothing_leaks() {
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  @Override
  protected AdapterTrainer trainer() {
    LoraBase base = LoraBase.of("tiny", model.config(), model.weights(), "").on(device);
    return new LoraTrainer(model, base, TrainingData::sets, new TrainingResources(64, false), 3);
  }
}
