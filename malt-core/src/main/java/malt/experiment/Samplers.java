package malt.experiment;

import malt.model.LanguageModel;

/**
 * Who samples; a remote model may do the one and a local one the other, on the same base.
 *
 * @param collecting the trees of the training problems
 * @param evaluating the passes over the questions of the evaluation
 */
public record Samplers(LanguageModel collecting, LanguageModel evaluating) {
  /** One model for everything. */
  public static Samplers of(LanguageModel model) {
    return new Samplers(model, model);
  }
}
