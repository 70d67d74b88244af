package malt.torch.training;

import java.util.List;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Supervised fine-tuning: the mean of -log p over all completion tokens of a batch. */
record SftObjective(List<TokenSequence> data) implements Objective {
  @Override
  public int examples() {
    return data.size();
  }

  @Override
  public List<TokenSequence> sequences(int example) {
    return List.of(data.get(example));
  }

  /** Its completion tokens. */
  @Override
  public double share(int example) {
    return data.get(example).completion().length;
  }

  @Override
  public Tensor loss(int[] examples, SequenceLogProbs logProbs, double total, Metrics metrics) {
    Tensor loss = loss(logProbs.tokens(), total);
    metrics.add("loss", loss.item_double());
    return loss;
  }

  /** -sum of log-probabilities (N) over the completion tokens of the whole batch. */
  static Tensor loss(Tensor tokenLogProbs, double batchTokens) {
    return tokenLogProbs.sum().mul(Tensors.scalar(-1 / batchTokens));
  }
}
