package malt.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.function.Function;

/**
 * Proximal policy optimisation with the clipped ratio (Schulman et al. 2017, equation 7), on
 * completions whose advantage is given. Here that is the exact value of a node of the tree less the
 * mean of its siblings, so no critic is learned: GRPO (Shao et al. 2024) with the values of a tree
 * in place of rewards, as VinePPO (Kazemnejad et al. 2024), TreeRPO (Yang et al. 2025) and
 * Tree-GRPO (Ji et al. 2025) have it for one policy's steps. With clips so wide that none is
 * reached it is the policy gradient, weighted by importance.
 *
 * @param level what has a ratio of its own
 * @param clipLow how far the ratio may fall below 1 before a completion of negative advantage
 *     teaches no more; 1 or more clips nothing
 * @param clipHigh how far it may rise above 1 before one of positive advantage teaches no more
 * @param klWeight of the divergence from the adapter that training starts from, estimated token by
 *     token (Schulman 2020, k3); 0 for none
 * @param normalised whether an advantage is divided by the siblings' standard deviation, as in GRPO
 */
public record PpoSettings(
    OptimizerSettings optimizer,
    Level level,
    double clipLow,
    double clipHigh,
    double klWeight,
    boolean normalised)
    implements TrainingMethod {
  /** What the policy's probability is compared of. */
  public enum Level {
    /** Each token; the loss is a mean over the tokens of a batch. */
    @JsonProperty("token")
    TOKEN,
    /**
     * Each completion, by the geometric mean over its tokens (GSPO: Zheng et al. 2025); the loss is
     * a mean over the completions of a batch.
     */
    @JsonProperty("sequence")
    SEQUENCE
  }

  @Override
  public String label() {
    return "ppo";
  }

  @Override
  public <R> R match(
      Function<SftSettings, R> sft, Function<DpoSettings, R> dpo, Function<PpoSettings, R> ppo) {
    return ppo.apply(this);
  }
}
