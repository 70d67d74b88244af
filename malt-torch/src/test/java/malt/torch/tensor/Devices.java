package malt.torch.tensor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** The devices that tests run on, as far as this machine has them. */
public final class Devices {
  private Devices() {}

  /** Those that there may be; of cards the first. */
  public static Stream<Device> all() {
    return Stream.of(Device.cpu(1), Device.cuda(0), Device.mps());
  }

  /** The device, where it is there; else the test is skipped. */
  public static Device assumed(Device device) {
    assumeTrue(device.isThere(), () -> "no such device: " + device);
    return device;
  }

  /** The same model there; takes over that of main memory. */
  public static CausalLm placed(Device device, CausalLm model) {
    if (device.isProcessor()) {
      return model;
    }
    try (model) {
      Map<String, Tensor> there = new LinkedHashMap<>();
      for (String name : model.weights().names()) {
        there.put(name, copied(model.weights().tensor(name), device));
      }
      return CausalLm.of(model.config(), Weights.of(there));
    }
  }

  /** The same adapter there; takes over that of main memory. */
  public static LoraAdapter placed(Device device, LoraAdapter adapter) {
    try (adapter) {
      Map<String, LoraAdapter.Pair> there = new LinkedHashMap<>();
      adapter
          .pairs()
          .forEach(
              (name, pair) ->
                  there.put(
                      name,
                      new LoraAdapter.Pair(copied(pair.a(), device), copied(pair.b(), device))));
      return new LoraAdapter(there, adapter.scale());
    }
  }

  private static Tensor copied(Tensor tensor, Device device) {
    return Tensors.kept(() -> Tensors.on(device).copied(tensor));
  }
}
