package malt.training;

import java.util.function.Function;

/**
 * Direct preference optimisation (Rafailov et al. 2023, equation 7).
 *
 * @param beta strength of the implicit KL constraint
 * @param nllWeight weight of the chosen side's length-normalised NLL (RPO); 0 is plain DPO
 * @param lengthNormalised divide each side's log-ratio by its token count
 */
public record DpoSettings(
    OptimizerSettings optimizer, double beta, double nllWeight, boolean lengthNormalised)
    implements TrainingMethod {
  @Override
  public String label() {
    return "dpo";
  }

  @Override
  public <R> R match(
      Function<SftSettings, R> sft, Function<DpoSettings, R> dpo, Function<PpoSettings, R> ppo) {
    return dpo.apply(this);
  }
}
