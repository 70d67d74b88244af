package malt.torch.training;

import java.util.List;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.ProcessGroup;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Gradients that several threads or processes have collected, each on leaves of its own. */
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

  /** Puts the sum over all processes in place of each one's gradients; none is one of zeros. */
  static void sum(List<Tensor> leaves, ProcessGroup group) {
    if (group.size() == 1) {
      return;
    }
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor[] own = new Tensor[leaves.size()];
      for (int i = 0; i < own.length; i++) {
        Tensor gradient = leaves.get(i).grad();
        own[i] = (gradient.defined() ? gradient : torch.zeros_like(leaves.get(i))).reshape(-1);
      }
      Tensor all = Tensors.cat(0, own);
      group.sum(all);
      long from = 0;
      for (Tensor leaf : leaves) {
        Tensor sum = all.narrow(0, from, leaf.numel()).view_as(leaf);
        if (leaf.grad().defined()) {
          leaf.mutable_grad().copy_(sum);
        } else {
          leaf.mutable_grad().put(sum.clone());
        }
        from += leaf.numel();
      }
    }
  }
}
