package malt.model;

import java.util.List;

/**
 * Asks for one completion of a prompt per seed.
 *
 * @param seeds one per completion wanted; the completion depends on its own seed and the prompt
 */
public record SamplingRequest(
    Prompt prompt, AdapterRef adapter, SamplingParams params, List<Long> seeds) {
  public SamplingRequest {
    seeds = List.copyOf(seeds);
  }
}
