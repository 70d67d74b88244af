package malt.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** log pi(y | x): the one place that turns logits into log-probabilities. */
public final class LogProbs {
  private LogProbs() {}

  /**
   * Log-probability of each id at temperature 1 without truncation, (N); float32, or float64 where
   * the logits are.
   *
   * @param logits (N, V), as the model's output head gives them
   * @param ids int64 (N)
   */
  public static Tensor of(Tensor logits, Tensor ids) {
    boolean exact = logits.scalar_type().intern() == ScalarType.Double;
    return torch
        .log_softmax(exact ? logits : logits.to(ScalarType.Float), -1)
        .gather(-1, ids.unsqueeze(-1))
        .squeeze(-1);
  }
}
