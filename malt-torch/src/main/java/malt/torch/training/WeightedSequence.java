package malt.torch.training;

/**
 * A document for pre-training.
 *
 * @param ids (T)
 * @param weights loss weight of each id as a prediction target, (T); 0 is context only
 */
public record WeightedSequence(int[] ids, float[] weights) {}
