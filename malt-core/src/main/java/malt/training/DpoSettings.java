package malt.training;

/**
 * Direct preference optimisation (Rafailov et al. 2023, equation 7).
 *
 * @param beta strength of the implicit KL constraint
 * @param nllWeight weight of the chosen side's length-normalised NLL (RPO); 0 is plain DPO
 * @param lengthNormalised divide each side's log-ratio by its token count
 */
public record DpoSettings(
    OptimizerSettings optimizer, double beta, double nllWeight, boolean lengthNormalised) {}
