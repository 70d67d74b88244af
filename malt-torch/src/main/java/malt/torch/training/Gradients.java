package malt.torch.training;

import java.util.List;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/** Gradients that several threads have collected, each on leaves of its own. */
final class Gradients {
  private Gradients() {}

  /** Adds those of some leaves to those of others, one by one, and sets the former to zero. */
  static void move(List<Tensor> from, List<Tensor> to) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      for (int i = 0; i < to.size(); i++) {
        Tensor gradient = from.get(i).mutable_grad();
        if (gradient.defined()) {
          to.get(i).mutable_grad().add_(gradient);
          gradient.zero_();
        }
      }
    }
  }
}
