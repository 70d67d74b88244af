package malt.torch.generation;

import java.util.List;
import malt.model.Prompt;

/** Between prompts, token ids and text: how prompts are laid out, and what ends a completion. */
public interface PromptCodec {
  /** The whole prompt, up to where the assistant begins to speak, (P); P > 0. */
  int[] encode(Prompt prompt);

  /** The text of sampled ids, (N). */
  String decode(int[] ids);

  /** Whether a sampled id ends the completion. */
  boolean isEnd(int id);

  /** Texts that end a completion too; none unless told. */
  default List<String> stop() {
    return List.of();
  }
}
