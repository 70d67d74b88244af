package malt.torch.training;

import java.util.List;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Direct preference optimisation over pairs whose reference log-probabilities are known.
 *
 * @param chosen y+ of each pair
 * @param rejected y- of each pair
 * @param reference log-probabilities under the reference policy, pair by pair: {y+, y-}
 */
record DpoObjective(
    DpoLoss formula,
    List<TokenSequence> chosen,
    List<TokenSequence> rejected,
    List<float[]> reference)
    implements Objective {

  DpoObjective withReference(List<float[]> logProbs) {
    return new DpoObjective(formula, chosen, rejected, logProbs);
  }

  @Override
  public int examples() {
    return chosen.size();
  }

  @Override
  public List<TokenSequence> sequences(int example) {
    return List.of(chosen.get(example), rejected.get(example));
  }

  /** 1: the loss is a mean over pairs. */
  @Override
  public double share(int example) {
    return 1;
  }

  @Override
  public Tensor loss(int[] examples, SequenceLogProbs logProbs, double total, Metrics metrics) {
    Tensor policy = logProbs.sums().view(-1, 2); // (P, 2)
    float[] references = new float[2 * examples.length];
    float[] lengths = new float[2 * examples.length];
    for (int i = 0; i < examples.length; i++) {
      System.arraycopy(reference.get(examples[i]), 0, references, 2 * i, 2);
      lengths[2 * i] = chosen.get(examples[i]).completion().length;
      lengths[2 * i + 1] = rejected.get(examples[i]).completion().length;
    }
    Tensors beside = Tensors.beside(policy);
    DpoLoss.Terms terms =
        formula.of(policy, beside.ofFloats(references, -1, 2), beside.ofFloats(lengths, -1, 2));
    Tensor loss = terms.loss().sum().mul(Tensors.scalar(1 / total));
    metrics.add("loss", loss.item_double());
    if (formula.nllWeight() != 0) {
      metrics.add("nll_loss", terms.nll().sum().item_double() / total);
    }
    measure(Tensors.floats(terms.rewards()), Tensors.floats(policy), total, metrics);
    return loss;
  }

  private static void measure(float[] rewards, float[] policy, double total, Metrics metrics) {
    for (int i = 0; i < rewards.length; i += 2) {
      double margin = (double) rewards[i] - rewards[i + 1];
      metrics.add("rewards/chosen", rewards[i] / total);
      metrics.add("rewards/rejected", rewards[i + 1] / total);
      metrics.add("rewards/margins", margin / total);
      metrics.add("rewards/accuracies", margin > 0 ? 1 / total : 0);
      metrics.add("logps/chosen", policy[i] / total);
      metrics.add("logps/rejected", policy[i + 1] / total);
    }
  }
}
