package malt.torch.weights;

import java.nio.ByteOrder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import malt.torch.gguf.GgufModel;
import malt.torch.gguf.GgufType;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The tensors of a GGUF file: quantised ones are widened to 32 bits when they are read, others lie
 * over the file; what the file's maker did to norms and to the rows of heads is undone.
 */
record GgufTensors(Map<String, GgufModel.Tensor> stored, Map<String, Entry> tensors)
    implements TensorFile {
  private static final int WIDENED_AT_ONCE = 1 << 20; // numbers, a multiple of every block

  static GgufTensors of(GgufModel model) {
    Map<String, GgufModel.Tensor> stored = model.tensors();
    Map<String, Entry> tensors = new LinkedHashMap<>();
    stored.forEach(
        (name, tensor) ->
            tensors.put(
                name,
                new Entry(type(tensor.type()), tensor.shape(), tensor.begin(), tensor.end())));
    return new GgufTensors(stored, tensors);
  }

  private static ScalarType type(GgufType type) {
    return switch (type) {
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      default -> ScalarType.Float;
    };
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public GgufTensors without(Collection<String> names) {
    Map<String, Entry> others = new LinkedHashMap<>(tensors);
    others.keySet().removeAll(names);
    return new GgufTensors(stored, others);
  }

  @Override
  public Tensor read(Tensor bytes, String name) {
    GgufModel.Tensor tensor = Objects.requireNonNull(stored.get(name));
    Tensor own = bytes.narrow(0, tensor.begin(), tensor.end() - tensor.begin());
    Tensor numbers =
        tensor.type().quantised()
            ? widened(own, tensor)
            : own.view(type(tensor.type())).view(tensor.shape());
    if (tensor.heads() > 0) {
      numbers = inHalves(numbers, tensor.heads());
    }
    return tensor.shift() == 0 ? numbers : numbers.sub(Tensors.scalar(tensor.shift()));
  }

  private static Tensor widened(Tensor bytes, GgufModel.Tensor tensor) {
    GgufType type = tensor.type();
    Tensor all = Tensors.MAIN.uninitialised(tensor.shape());
    Tensor flat = all.view(-1);
    float[] numbers = new float[WIDENED_AT_ONCE];
    for (long from = 0; from < flat.size(0); from += WIDENED_AT_ONCE) {
      int count = (int) Math.min(WIDENED_AT_ONCE, flat.size(0) - from);
      try (TensorScope piece = new TensorScope()) {
        long begin = from / type.numbers() * type.bytes();
        long length = (long) count / type.numbers() * type.bytes();
        type.widen(
            Tensors.memory(bytes.narrow(0, begin, length)).order(ByteOrder.LITTLE_ENDIAN),
            numbers,
            count);
        Tensors.write(numbers, flat.narrow(0, from, count), count);
      }
    }
    return all;
  }

  /** Rows of each head (2 i, 2 i + 1) back in the order (i, i + D/2) that rotates the same. */
  private static Tensor inHalves(Tensor rows, int heads) {
    long half = rows.size(0) / heads / 2;
    return rows.view(heads, half, 2, rows.size(1)).transpose(1, 2).reshape(Tensors.shape(rows));
  }
}
