package malt.torch.training;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A loss over a data set whose examples are addressed by index. */
sealed interface Objective permits SftObjective, DpoObjective, PpoObjective {
  /** Examples in the data set. */
  int examples();

  /** The sequences of one example, always as many; they share a micro-batch. */
  List<TokenSequence> sequences(int example);

  /** By what the loss of a batch is divided; the sum over its examples. */
  double share(int example);

  /**
   * A micro-batch's part of the loss of its whole batch: parts add up, so 8 micro-batches of 1 give
   * the gradient of 1 of 8.
   *
   * @param examples the micro-batch
   * @param logProbs of its examples' sequences, example after example
   * @param total sum of {@link #share} over the whole batch
   * @param metrics takes the micro-batch's contribution
   */
  Tensor loss(int[] examples, SequenceLogProbs logProbs, double total, Metrics metrics);
}
