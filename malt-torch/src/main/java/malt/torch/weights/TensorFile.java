package malt.torch.weights;

import java.util.Collection;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A file of named tensors of which only the header was read. */
interface TensorFile {
  /**
   * A tensor in a file.
   *
   * @param type of its numbers; float32 where they are quantised, which is what they widen to
   * @param begin offset of its first byte in the file
   * @param end one more than that of its last
   */
  record Entry(ScalarType type, long[] shape, long begin, long end) {
    long elements() {
      long elements = 1;
      for (long size : shape) {
        elements *= size;
      }
      return elements;
    }
  }

  Map<String, Entry> tensors();

  /** What the file says besides. */
  Map<String, String> metadata();

  /** The same file as if those tensors were not named. */
  TensorFile without(Collection<String> names);

  /**
   * A tensor as it is stored, over the file's bytes where they allow that.
   *
   * @param bytes the whole file, mapped
   */
  Tensor read(Tensor bytes, String name);
}
