package malt.torch.training;

import malt.torch.tensor.Tensors;
import malt.training.DpoSettings;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * DPO's loss (Rafailov et al. 2023, equation 7), -log sigmoid(r(y+) - r(y-)) with the implicit
 * reward r(y) = beta log(pi(y|x) / ref(y|x)), and its two variants: the reward by token
 * (length-normalised) and an NLL term on the chosen side (RPO: Pang et al. 2024, equation 1).
 */
record DpoLoss(double beta, double nllWeight, boolean lengthNormalised) {
  /**
   * Of P pairs.
   *
   * @param loss what is minimised, (P)
   * @param nll -log pi(y+|x) / |y+|, (P)
   * @param rewards implicit rewards {y+, y-}, (P, 2)
   */
  record Terms(Tensor loss, Tensor nll, Tensor rewards) {}

  static DpoLoss of(DpoSettings settings) {
    return new DpoLoss(settings.beta(), settings.nllWeight(), settings.lengthNormalised());
  }

  /**
   * All arguments hold {y+, y-} per pair, (P, 2).
   *
   * @param policy log pi(y|x)
   * @param reference log ref(y|x)
   * @param lengths |y| in tokens
   */
  Terms of(Tensor policy, Tensor reference, Tensor lengths) {
    Tensor ratios = policy.sub(reference);
    if (lengthNormalised) {
      ratios = ratios.div(lengths);
    }
    Tensor rewards = ratios.mul(Tensors.scalar(beta));
    Tensor loss = torch.logsigmoid(rewards.select(1, 0).sub(rewards.select(1, 1))).neg();
    Tensor nll = policy.select(1, 0).div(lengths.select(1, 0)).neg();
    if (nllWeight != 0) {
      loss = loss.add(nll, Tensors.scalar(nllWeight));
    }
    return new Terms(loss, nll, rewards);
  }
}
