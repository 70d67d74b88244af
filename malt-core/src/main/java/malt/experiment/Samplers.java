package malt.experiment;

import malt.model.LanguageModel;
import malt.tree.ChunkExpander;

/**
 * Who samples; a remote model may do the one and a local one the other, on the same base.
 *
 * @param collecting the trees of the training problems
 * @param evaluating the passes over the questions of the evaluation
 * @param retryFailed whether they are asked again for what failed earlier
 */
public record Samplers(ChunkExpander collecting, ChunkExpander evaluating, boolean retryFailed) {
  /** One model for everything. */
  public static Samplers of(LanguageModel model) {
    return new Samplers(ChunkExpander.by(model), ChunkExpander.by(model), false);
  }

  /** The same, who are asked again for what failed earlier. */
  public Samplers retryingFailed() {
    return new Samplers(collecting, evaluating, true);
  }
}
