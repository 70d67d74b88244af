package malt.torch.tensor;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Makes tensors on one device, and reads those of any. Which device, is said wherever one is made:
 * by the model, by a tensor that it shall meet, or by {@link #MAIN}.
 */
public final class Tensors {
  /** Of main memory. */
  public static final Tensors MAIN = new Tensors(Device.cpu(0));

  private static final long DRAWN_AT_ONCE = 1 << 22; // 32-bit normals, which are drawn fastest
  private static final Map<Device, Tensors> ELSEWHERE = new ConcurrentHashMap<>();

  private final Device device;
  private final org.bytedeco.pytorch.Device handle;

  private Tensors(Device device) {
    this.device = device;
    handle = TensorScope.forever(device::handle);
  }

  /** Of that device, which must be there. */
  public static Tensors on(Device device) {
    return device.isProcessor() ? MAIN : ELSEWHERE.computeIfAbsent(device, Tensors::new);
  }

  /** Of the device where a tensor lies. */
  public static Tensors beside(Tensor tensor) {
    return tensor.is_cpu() ? MAIN : on(Device.of(tensor));
  }

  /** Where tensors are made; of the processor without a number of threads. */
  public Device device() {
    return device;
  }

  /** The device, as archives are told where to put what they hold. */
  public DeviceOptional place() {
    return new DeviceOptional(handle);
  }

  private boolean isMain() {
    return device.isProcessor();
  }

  private TensorOptions options(ScalarType type) {
    TensorOptions options = new TensorOptions(type);
    return isMain() ? options : options.device(place());
  }

  /** The tensor here: itself, or a copy of it. */
  public Tensor placed(Tensor tensor) {
    return isMain() && tensor.is_cpu() ? tensor : tensor.to(handle, type(tensor));
  }

  /** A copy of the tensor here, in memory of its own. */
  public Tensor copied(Tensor tensor) {
    return tensor.to(handle, type(tensor), false, true, new MemoryFormatOptional());
  }

  /** An int64 tensor of the given shape. */
  public Tensor ofLongs(long[] values, long... shape) {
    return placed(torch.tensor(values).view(shape));
  }

  /** An int32 tensor of the given shape. */
  public Tensor ofInts(int[] values, long... shape) {
    return placed(torch.tensor(values).view(shape));
  }

  /** A float32 tensor of the given shape. */
  public Tensor ofFloats(float[] values, long... shape) {
    return placed(torch.tensor(values).view(shape));
  }

  /** A vector of {@link #exact} numbers. */
  public Tensor ofDoubles(double... values) {
    Tensor tensor =
        torch.empty(
            new long[] {values.length},
            new TensorOptions(ScalarType.Double),
            new MemoryFormatOptional());
    new DoublePointer(tensor.data_ptr()).put(values);
    return isMain() ? tensor : tensor.to(exact()).to(handle, exact());
  }

  /** The type of most bits that the device has: float64, or float32. */
  public ScalarType exact() {
    return device.hasFloat64() ? ScalarType.Double : ScalarType.Float;
  }

  /** An int64 vector of token ids, (T). */
  public Tensor ofIds(int[] ids) {
    long[] longs = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      longs[i] = ids[i];
    }
    return placed(torch.tensor(longs));
  }

  /** The elements in row-major order, converted to float32. */
  public static float[] floats(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = main(tensor.detach()).to(ScalarType.Float).contiguous();
      float[] values = new float[Math.toIntExact(flat.numel())];
      new FloatPointer(flat.data_ptr()).get(values);
      return values;
    }
  }

  /** The tensor in main memory, where alone it can be read. */
  private static Tensor main(Tensor tensor) {
    return tensor.is_cpu() ? tensor : tensor.cpu();
  }

  /** Copies the first numbers of a contiguous float32 tensor in main memory into an array. */
  public static void read(Tensor from, float[] into, int count) {
    try (TensorScope scope = new TensorScope()) {
      new FloatPointer(from.data_ptr()).get(into, 0, count);
    }
  }

  /** Copies the first numbers of an array into a contiguous float32 tensor in main memory. */
  public static void write(float[] from, Tensor into, int count) {
    try (TensorScope scope = new TensorScope()) {
      new FloatPointer(into.data_ptr()).put(from, 0, count);
    }
  }

  /** The main memory of a contiguous tensor, to be used no longer than the tensor lives. */
  public static ByteBuffer memory(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      return new BytePointer(tensor.data_ptr()).capacity(tensor.nbytes()).asByteBuffer();
    }
  }

  /** The elements in row-major order, converted to int64. */
  public static long[] longs(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = main(tensor.detach()).to(ScalarType.Long).contiguous();
      long[] values = new long[Math.toIntExact(flat.numel())];
      new LongPointer(flat.data_ptr()).get(values);
      return values;
    }
  }

  /** The bytes of the elements in row-major order and their own type. */
  public static ByteBuffer bytes(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = main(tensor.detach()).contiguous();
      byte[] values = new byte[Math.toIntExact(flat.nbytes())];
      new BytePointer(flat.data_ptr()).get(values);
      return ByteBuffer.wrap(values);
    }
  }

  /** Makes what {@link #normal} draws next depend on this alone. */
  public static void seed(long seed) {
    torch.manual_seed(seed);
  }

  /** Normal numbers of mean 0, drawn one after the other; the same ones on every device. */
  public Tensor normal(double deviation, ScalarType type, long... shape) {
    Tensor all = torch.zeros(shape, options(type));
    Tensor flat = all.view(-1);
    for (long from = 0; from < flat.size(0); from += DRAWN_AT_ONCE) {
      try (TensorScope piece = new TensorScope()) {
        long count = Math.min(DRAWN_AT_ONCE, flat.size(0) - from);
        flat.narrow(0, from, count).copy_(torch.randn(count).mul_(scalar(deviation)));
      }
    }
    return all;
  }

  /** A float32 tensor whose numbers are yet to be written. */
  public Tensor uninitialised(long... shape) {
    return torch.empty(shape, options(ScalarType.Float), new MemoryFormatOptional());
  }

  /** One number everywhere. */
  public Tensor filled(double value, ScalarType type, long... shape) {
    return torch.zeros(shape, options(type)).fill_(scalar(value));
  }

  /**
   * The bytes of a file, uint8 (N), mapped into main memory; writing to them never reaches the
   * file.
   */
  public static Tensor mapped(Path file) {
    return torch.from_file(
        file.toString(),
        new BoolOptional(false),
        new LongOptional(file.toFile().length()),
        new TensorOptions(ScalarType.Byte));
  }

  /** Whether no element is NaN or infinite. */
  public static boolean finite(Tensor tensor) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      // one pass, exact where it says yes: NaN and infinity survive a sum
      if (Double.isFinite(tensor.sum().item_double())) {
        return true;
      }
      return torch.isfinite(tensor).all().item_bool(); // or the sum overflowed
    }
  }

  /** A tensor that no scope frees; its owner does, with {@code close()}. */
  public static Tensor kept(java.util.function.Supplier<Tensor> body) {
    try (TensorScope scope = new TensorScope()) {
      return scope.keep(body.get());
    }
  }

  /** Concatenation along a dimension. */
  public static Tensor cat(long dimension, Tensor... tensors) {
    return torch.cat(new TensorVector(tensors), dimension);
  }

  /** 0, 1, ..., count - 1. */
  public Tensor range(long count) {
    long[] values = new long[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return placed(torch.tensor(values));
  }

  public static Scalar zero() {
    return new Scalar(0);
  }

  public static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** The element type. */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** The shape, for messages and checks. */
  public static long[] shape(Tensor tensor) {
    long[] shape = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return shape;
  }
}
