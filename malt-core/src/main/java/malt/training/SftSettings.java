package malt.training;

/** Supervised fine-tuning: -log p(completion | prompt) on completion tokens only. */
public record SftSettings(OptimizerSettings optimizer) {}
