package malt.torch.tensor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;

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
}
