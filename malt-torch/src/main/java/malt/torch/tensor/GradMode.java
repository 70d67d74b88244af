package malt.torch.tensor;

import org.bytedeco.pytorch.AutoGradMode;

/** Switches the recording of gradients on this thread until closed. */
public final class GradMode implements AutoCloseable {
  private final AutoGradMode mode;

  static {
    LibTorch.load();
  }

  private GradMode(boolean enabled) {
    mode = new AutoGradMode(enabled);
  }

  public static GradMode off() {
    return new GradMode(false);
  }

  public static GradMode on() {
    return new GradMode(true);
  }

  @Override
  public void close() {
    mode.close();
  }
}
