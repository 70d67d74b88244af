package malt.torch.training;

import malt.torch.tensor.Tensors;
import malt.training.PpoSettings;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PPO's clipped surrogate (Schulman et al. 2017, equation 7): -min(r A, clip(r, 1 - low, 1 + high)
 * A) with the ratio r = pi(y|x) / sampled(y|x), and the divergence from a reference as GRPO
 * estimates it (Shao et al. 2024, equation 4).
 *
 * @param low how far r counts below 1
 * @param high how far r counts above 1
 */
record PpoLoss(double low, double high) {
  /**
   * Of M ratios.
   *
   * @param loss what is minimised, (M)
   * @param ratios (M)
   */
  record Terms(Tensor loss, Tensor ratios) {}

  static PpoLoss of(PpoSettings settings) {
    return new PpoLoss(settings.clipLow(), settings.clipHigh());
  }

  /**
   * All arguments are (M).
   *
   * @param logRatios log pi(y|x) less its value when y was sampled
   */
  Terms of(Tensor logRatios, Tensor advantages) {
    Tensor ratios = logRatios.exp();
    Tensor clipped =
        ratios.clamp(
            new ScalarOptional(Tensors.scalar(1 - low)),
            new ScalarOptional(Tensors.scalar(1 + high)));
    Tensor gain = torch.minimum(ratios.mul(advantages), clipped.mul(advantages));
    return new Terms(gain.neg(), ratios);
  }

  /**
   * KL(pi || ref) token by token, ref / pi - log(ref / pi) - 1, which is never negative (Schulman
   * 2020, k3).
   *
   * @param policy log pi of each token, (N)
   * @param reference log ref of each token, (N)
   */
  static Tensor divergence(Tensor policy, Tensor reference) {
    Tensor logRatio = reference.sub(policy);
    return logRatio.exp().sub(logRatio).sub(Tensors.scalar(1));
  }
}
