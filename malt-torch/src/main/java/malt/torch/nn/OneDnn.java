package malt.torch.nn;

import java.util.EnumMap;
import java.util.Map;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * oneDNN's products with a weight that is laid out once for the processor's registers, and with
 * what follows them worked out on the way: operators that LibTorch has for its compiler, reached by
 * name.
 */
public final class OneDnn {
  private static final Map<ScalarType, Boolean> SUPPORTED = new EnumMap<>(ScalarType.class);

  private OneDnn() {}

  /** The operators, looked up on first use; never freed. */
  private static final class Operators {
    static final OperatorHandle PACK = operator("_reorder_linear_weight", "");
    static final OperatorHandle UNARY = operator("_linear_pointwise", "");
    static final OperatorHandle BINARY = operator("_linear_pointwise", "binary");
    static final IValue NOTHING = TensorScope.forever(IValue::new);
    static final IValue NO_SCALARS = TensorScope.forever(Operators::noScalars);

    private static OperatorHandle operator(String name, String overload) {
      return TensorScope.forever(
          () -> Dispatcher.singleton().findSchemaOrThrow("mkldnn::" + name, overload));
    }

    private static IValue noScalars() {
      Type.TypePtr element = UNARY.schema().arguments().position(4).type().get().containedType(0);
      return new IValue(new GenericList(element));
    }
  }

  /** Whether products of this type are there on this processor. */
  public static synchronized boolean supports(ScalarType type) {
    return SUPPORTED.computeIfAbsent(type, OneDnn::tried);
  }

  private static boolean tried(ScalarType type) {
    if (!torch.hasMKLDNN() || (type != ScalarType.Float && type != ScalarType.BFloat16)) {
      return false;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor one = Tensors.MAIN.filled(1, type, 16, 16);
      return product(one, new IValue(pack(one)), new IValue()).sum().item_double() == 4096;
    } catch (RuntimeException e) { // LibTorch says so of a type that the processor lacks
      return false;
    }
  }

  /** The weight (out, in) as products take it. */
  public static Tensor pack(Tensor weight) {
    IValueVector stack = new IValueVector(new IValue(weight), Operators.NOTHING);
    Operators.PACK.callBoxed(stack);
    return new Tensor(stack.get(0).toTensor()); // the stack owns what it gives
  }

  /** x w + b, where x is (N, in). */
  public static Tensor product(Tensor x, IValue weight, IValue bias) {
    return product(x, weight, bias, "none", "");
  }

  /** f(x w + b), where x is (N, in). */
  public static Tensor product(Tensor x, IValue weight, IValue bias, Activation f) {
    return product(x, weight, bias, f.operation(), f.algorithm());
  }

  private static Tensor product(
      Tensor x, IValue weight, IValue bias, String then, String algorithm) {
    IValueVector stack =
        new IValueVector(
            new IValue(x),
            weight,
            bias,
            new IValue(then),
            Operators.NO_SCALARS,
            new IValue(algorithm));
    Operators.UNARY.callBoxed(stack);
    return new Tensor(stack.get(0).toTensor()); // the stack owns what it gives
  }

  /**
   * x w + b, added to or multiplied with {@code other} (N, out).
   *
   * @param with "add" or "mul"
   */
  public static Tensor product(Tensor x, IValue weight, IValue bias, String with, Tensor other) {
    IValueVector stack =
        new IValueVector(new IValue(x), new IValue(other), weight, bias, new IValue(with));
    Operators.BINARY.callBoxed(stack);
    return new Tensor(stack.get(0).toTensor()); // the stack owns what it gives
  }
}
