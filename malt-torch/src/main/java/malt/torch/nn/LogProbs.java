package malt.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** log pi(y | x): the one place that turns logits into log-probabilities. */
public final class LogProbs {
  private LogProbs() {}

  /**
   * Log-probability of each id at temperature 1 without truncation, float32 (N).
   *
   * @param logits (N, V), as the model's output head gives them
   * @param ids int64 (N)
   */
  public static Tensor of(Tensor logits, Tensor ids) {
    return torch
        .log_softmax(logits.to(ScalarType.Float), -1)
        .gather(-1, ids.unsqueeze(-1))
        .squeeze(-1);
  }
}
