package malt.torch.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Frees the native objects created on this thread while it is open. Scopes nest and belong to one
 * thread; a tensor that shall live longer is handed out by {@link #result} or {@link #keep}.
 */
public final class TensorScope implements AutoCloseable {
  private final @Nullable PointerScope outer = PointerScope.getInnerScope();
  private final PointerScope scope = new PointerScope();

  static {
    LibTorch.load();
  }

  /** Runs {@code body} in a scope of its own; only its result survives, in the scope around. */
  public static Tensor result(Supplier<Tensor> body) {
    try (TensorScope scope = new TensorScope()) {
      return scope.handOn(body.get());
    }
  }

  /** An object that is never freed, and not counted among the live ones: a constant. */
  public static <P extends Pointer> P forever(Supplier<P> body) {
    try (TensorScope scope = new TensorScope()) {
      P constant = scope.keep(body.get());
      constant.deallocate(false);
      return constant;
    }
  }

  /** Takes an object out of every scope: the caller frees it with {@code close()}. */
  public <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    scope.detach(pointer);
    return pointer;
  }

  /** Leaves an object to the scope around this one; to the caller where there is none. */
  public <P extends Pointer> P handOn(P pointer) {
    keep(pointer);
    if (outer != null) {
      outer.attach(pointer);
      pointer.releaseReference();
    }
    return pointer;
  }

  /** Live native objects known to JavaCPP; equal before and after whatever does not leak. */
  public static long liveObjects() {
    return Pointer.totalCount();
  }

  @Override
  public void close() {
    scope.close();
  }
}
