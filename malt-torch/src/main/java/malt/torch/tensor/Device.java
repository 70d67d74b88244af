package malt.torch.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import malt.ConfigException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where tensors lie and operations run: the processor, with so many threads to a forward, or an
 * accelerator, which is given one operation after the other.
 *
 * @param number of threads of the processor, 0 for as many as suit the model; of the card; else 0
 */
public record Device(Kind kind, int number) {
  private static final Pattern NAME = Pattern.compile("(cpu|mps|cuda)(?::(\\d{1,2}))?");

  /** What computes. */
  public enum Kind {
    /** The processor, in main memory. */
    CPU(DeviceType.CPU),
    /** NVIDIA's cards. */
    CUDA(DeviceType.CUDA),
    /** Apple's. */
    MPS(DeviceType.MPS);

    private final DeviceType type;

    Kind(DeviceType type) {
      this.type = type;
    }
  }

  /**
   * The processor.
   *
   * @param threads that share a forward; 0 for one where the model is small, else for all
   */
  public static Device cpu(int threads) {
    return new Device(Kind.CPU, threads);
  }

  /** A card, by its number from 0. */
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /** Apple's graphics processor. */
  public static Device mps() {
    return new Device(Kind.MPS, 0);
  }

  /**
   * The device that a configuration names, whether it is there or not.
   *
   * @param name cpu, cuda:1, cuda for the first one, or mps
   * @param threads of the processor, see {@link #cpu}
   * @throws ConfigException if that names none
   */
  public static Device named(String name, int threads) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || (matcher.group(2) != null && !matcher.group(1).equals("cuda"))) {
      throw new ConfigException(
          "'%s' names no device: cpu, cuda:0 (the number of the card) or mps".formatted(name));
    }
    return switch (matcher.group(1)) {
      case "cpu" -> cpu(threads);
      case "mps" -> mps();
      default -> cuda(matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
    };
  }

  /** The devices of this machine that LibTorch's natives can use, the processor first. */
  public static List<Device> there() {
    LibTorch.load();
    List<Device> found = new ArrayList<>(List.of(cpu(0)));
    if (torch.cuda_is_available()) {
      for (int index = 0; index < torch.cuda_device_count(); index++) {
        found.add(cuda(index));
      }
    }
    if (torch.hasMPS()) {
      found.add(mps());
    }
    return found;
  }

  /** Whether this machine has it. */
  public boolean isThere() {
    return isProcessor() || there().contains(this);
  }

  /**
   * This device.
   *
   * @throws ConfigException if it is not there, saying what is
   */
  public Device required() {
    if (!isThere()) {
      throw new ConfigException(
          "no such device: %s; there is %s%s"
              .formatted(
                  this,
                  there().stream().map(Device::toString).collect(Collectors.joining(", ")),
                  kind == Kind.CUDA && !torch.cuda_is_available()
                      ? " (LibTorch finds no CUDA: that takes other natives and NVIDIA's driver,"
                          + " docs/gpu.md)"
                      : ""));
    }
    return this;
  }

  /** Where a tensor lies. */
  static Device of(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      org.bytedeco.pytorch.Device found = tensor.device();
      DeviceType type = found.type().intern();
      for (Kind kind : Kind.values()) {
        if (kind.type == type) {
          return new Device(kind, kind == Kind.CUDA ? found.index() : 0);
        }
      }
      throw new IllegalArgumentException("a tensor on " + type);
    }
  }

  /** Whether it is the processor, whose tensors lie in main memory. */
  public boolean isProcessor() {
    return kind == Kind.CPU;
  }

  /** Whether it has numbers of 64 bits. */
  boolean hasFloat64() {
    return kind != Kind.MPS;
  }

  /** As LibTorch has it. */
  org.bytedeco.pytorch.Device handle() {
    return new org.bytedeco.pytorch.Device(kind.type, (byte) (kind == Kind.CPU ? -1 : number));
  }

  /** As a configuration names it. */
  @Override
  public String toString() {
    return switch (kind) {
      case CPU -> "cpu";
      case CUDA -> "cuda:" + number;
      case MPS -> "mps";
    };
  }
}
