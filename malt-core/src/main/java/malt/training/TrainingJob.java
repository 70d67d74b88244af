package malt.training;

import java.nio.file.Path;
import java.util.List;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;

/** One adapter to train. */
public sealed interface TrainingJob permits TrainingJob.SftJob, TrainingJob.DpoJob {
  /** For progress and metrics: "verifier/dpo". */
  String name();

  /** Decides the order of examples and the adapter's initial values. */
  long seed();

  /** Optimiser steps it takes. */
  int steps();

  /** Where the adapter is written, in PEFT's format; complete or absent, never half. */
  Path output();

  /** Trains a fresh adapter on completions worth imitating. */
  record SftJob(
      String name,
      List<SftExample> examples,
      LoraSettings lora,
      SftSettings settings,
      long seed,
      Path output)
      implements TrainingJob {
    @Override
    public int steps() {
      return settings.optimizer().steps(examples.size());
    }
  }

  /**
   * Trains on from {@code reference}, which also stays as the frozen reference policy.
   *
   * @param lora shape of the adapter where the reference is the base, which has none
   */
  record DpoJob(
      String name,
      List<PreferencePair> pairs,
      AdapterRef reference,
      LoraSettings lora,
      DpoSettings settings,
      long seed,
      Path output)
      implements TrainingJob {
    @Override
    public int steps() {
      return settings.optimizer().steps(pairs.size());
    }
  }
}
