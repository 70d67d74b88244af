package malt.torch.generation;

import malt.model.Prompt;

/** Between prompts, token ids and text. */
public interface PromptCodec {
  /** The whole prompt, up to where the assistant begins to speak, (P); P > 0. */
  int[] encode(Prompt prompt);

  /** The text of sampled ids, (N). */
  String decode(int[] ids);

  /** Whether a sampled id ends the completion. */
  boolean isEnd(int id);

  /** Any id of the vocabulary; it fills places that nothing looks at. */
  int padId();
}
