package malt.torch.text;

import malt.model.Prompt;

/** How a prompt becomes the ids that a model goes on from, and how the model ends what it says. */
public interface PromptLayout {
  /** The ids of the prompt up to where the assistant begins to speak, (P). */
  int[] encode(Prompt prompt);

  /** Whether an id ends what the assistant says. */
  boolean isEnd(int id);

  /** The id that ends what was said by someone else. */
  int endId();
}
