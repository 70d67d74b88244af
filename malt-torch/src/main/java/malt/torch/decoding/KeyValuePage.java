package malt.torch.decoding;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import malt.kernel.AttentionKernel;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Main memory for numbers in places, in 32 bits or in bfloat16. */
abstract class KeyValuePage implements AutoCloseable {
  private final Tensor owner; // float32, of as many bytes

  private KeyValuePage(Tensor owner) {
    this.owner = owner;
  }

  /** In 32 bits. */
  static KeyValuePage wide(int size) {
    return new Wide(Tensors.kept(() -> Tensors.MAIN.uninitialised(size)));
  }

  /** In bfloat16, in the order that a kernel widens. */
  static KeyValuePage narrow(int size, AttentionKernel kernel) {
    return new Narrow(Tensors.kept(() -> Tensors.MAIN.uninitialised(size / 2)), kernel);
  }

  abstract void write(int place, float number);

  /** Writes numbers into consecutive places. */
  abstract void write(int place, float[] numbers);

  /**
   * Copies places {@code base + from} to {@code base + to - 1}, from {@code from} on. Numbers
   * around them may be written too.
   *
   * @param base a multiple of the kernel's {@code narrowUnit}
   * @param into of this page's type
   */
  abstract void read(int base, int from, int to, AttentionKernel.Numbers into);

  long bytes() {
    return owner.nbytes();
  }

  @Override
  public void close() {
    owner.close();
  }

  private static final class Wide extends KeyValuePage {
    private final FloatBuffer memory;

    Wide(Tensor owner) {
      super(owner);
      memory = Tensors.memory(owner).asFloatBuffer();
    }

    @Override
    void write(int place, float number) {
      memory.put(place, number);
    }

    @Override
    void write(int place, float[] numbers) {
      memory.put(place, numbers);
    }

    @Override
    void read(int base, int from, int to, AttentionKernel.Numbers into) {
      memory.get(base + from, ((AttentionKernel.Wide) into).numbers(), from, to - from);
    }
  }

  private static final class Narrow extends KeyValuePage {
    private static final int NAN = 0x7fc0;

    private final AttentionKernel kernel;
    private final ShortBuffer numbers;
    private final IntBuffer pairs; // the same memory

    Narrow(Tensor owner, AttentionKernel kernel) {
      super(owner);
      this.kernel = kernel;
      numbers = Tensors.memory(owner).asShortBuffer();
      pairs = Tensors.memory(owner).asIntBuffer();
    }

    @Override
    void write(int place, float number) {
      numbers.put(kernel.narrow(place), rounded(number));
    }

    @Override
    void write(int place, float[] more) {
      for (int i = 0; i < more.length; i++) {
        write(place + i, more[i]);
      }
    }

    /** The upper half of the bits, rounded to the nearest, to the even one of two. */
    private static short rounded(float number) {
      int bits = Float.floatToRawIntBits(number);
      return (short) (Float.isNaN(number) ? NAN : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    @Override
    void read(int base, int from, int to, AttentionKernel.Numbers into) {
      int unit = kernel.narrowUnit();
      int first = from / unit * unit;
      int end = (to + unit - 1) / unit * unit;
      int[] words = ((AttentionKernel.Narrow) into).words();
      pairs.get((base + first) / 2, words, first / 2, (end - first) / 2);
    }
  }
}
