package malt.torch.training;

import malt.model.Completion;

/**
 * A prompt x and a completion y of it.
 *
 * @param prompt (P), at least one id
 * @param completion (N), at least one id
 */
public record TokenSequence(int[] prompt, int[] completion) {
  /**
   * The ids that a completion was sampled with.
   *
   * @param name in the error
   * @throws IllegalArgumentException if the completion keeps no ids
   */
  static TokenSequence of(Completion completion, String name) {
    if (completion.promptIds().length == 0 || completion.ids().length == 0) {
      throw new IllegalArgumentException(
          "%s has %d prompt ids and %d completion ids; training needs both, as a local model returns"
              .formatted(name, completion.promptIds().length, completion.ids().length));
    }
    return new TokenSequence(completion.promptIds(), completion.ids());
  }
}
