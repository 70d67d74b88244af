package malt.torch.generation;

import java.util.List;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.Tokenizer;

/** Prompts of one message that is the text itself, without a chat template. */
public final class PlainCodec implements PromptCodec {
  private final Tokenizer tokenizer;

  /**
   * @param tokenizer stays its owner's to close
   */
  public PlainCodec(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** A prompt for this codec. */
  public static Prompt prompt(String text) {
    return new Prompt(List.of(Message.of(Message.Role.USER, text)));
  }

  /** With the tokens that the tokenizer itself puts around a text, such as one at its beginning. */
  @Override
  public int[] encode(Prompt prompt) {
    if (prompt.messages().size() != 1) {
      throw new IllegalArgumentException("a plain prompt is one message");
    }
    return tokenizer.encodeDocument(prompt.messages().get(0).text());
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  @Override
  public boolean isEnd(int id) {
    return tokenizer.isEos(id);
  }

  @Override
  public int padId() {
    return tokenizer.padId();
  }
}
