package malt.torch.generation;

import java.util.List;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/**
 * Asks for one completion while others are under way.
 *
 * @param promptIds (P), P > 0
 * @param stop texts at which it ends besides those of the model; they are not part of its text
 */
public record LiveRequest(
    int[] promptIds, AdapterRef adapter, SamplingParams params, long seed, List<String> stop) {
  public LiveRequest {
    stop = List.copyOf(stop);
  }
}
