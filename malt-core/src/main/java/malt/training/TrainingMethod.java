package malt.training;

import java.io.Serializable;
import java.util.function.Function;

/** How an adapter is trained: a loss and its settings. */
public sealed interface TrainingMethod extends Serializable
    permits SftSettings, DpoSettings, PpoSettings {
  OptimizerSettings optimizer();

  /** For names of jobs and directories: "sft". */
  String label();

  /** What the settings are for whom; who forgets a method does not compile. */
  <R> R match(
      Function<SftSettings, R> sft, Function<DpoSettings, R> dpo, Function<PpoSettings, R> ppo);
}
