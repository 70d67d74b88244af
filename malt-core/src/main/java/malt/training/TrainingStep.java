package malt.training;

import java.util.Map;

/**
 * What one optimiser step measured.
 *
 * @param step from 1 to {@code steps}
 * @param tokens completion tokens trained on in this step
 * @param metrics under TRL's names: loss, grad_norm, learning_rate, rewards/margins, ...; in the
 *     order to show them
 */
public record TrainingStep(int step, int steps, long tokens, Map<String, Double> metrics) {}
