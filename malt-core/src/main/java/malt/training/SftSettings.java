package malt.training;

import java.util.function.Function;

/** Supervised fine-tuning: -log p(completion | prompt) on completion tokens only. */
public record SftSettings(OptimizerSettings optimizer) implements TrainingMethod {
  @Override
  public String label() {
    return "sft";
  }

  @Override
  public <R> R match(
      Function<SftSettings, R> sft, Function<DpoSettings, R> dpo, Function<PpoSettings, R> ppo) {
    return sft.apply(this);
  }
}
