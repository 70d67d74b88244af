package malt.model;

import java.util.List;

/**
 * The port to a language model, local or remote.
 *
 * <p>Contract: the answer has one list per request, in order, with one completion per seed, in
 * order. The same call on the same model gives the same answer. What goes wrong with one completion
 * is {@link FinishReason#FAILED}; {@link malt.ModelException} is for what makes going on pointless,
 * and for a call that failed as a whole, where the model cannot tell which of the two it is.
 */
public interface LanguageModel extends AutoCloseable {
  List<List<Completion>> sample(List<SamplingRequest> requests);

  /**
   * The same while a listener hears of completions as they come, where the model can tell; it need
   * not hear of all.
   */
  default List<List<Completion>> sample(List<SamplingRequest> requests, SamplingListener listener) {
    return sample(requests);
  }

  @Override
  default void close() {}
}
