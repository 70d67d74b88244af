package malt.torch.generation;

import malt.model.Prompt;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;

/** Prompts by a model's own tokenizer and chat template. */
public final class ChatCodec implements PromptCodec {
  private final Tokenizer tokenizer;
  private final PromptEncoder encoder;
  private final int padId;

  /**
   * @param tokenizer stays its owner's to close
   */
  public ChatCodec(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.encoder = new PromptEncoder(tokenizer, template);
    this.padId = tokenizer.padId();
  }

  @Override
  public int[] encode(Prompt prompt) {
    return encoder.encode(prompt);
  }

  /** The ids of an answer that came as text, and of the end of text where the model ended it. */
  public int[] encodeAnswer(String text, boolean ended) {
    return encoder.encodeAnswer(text, ended);
  }

  /** Where a text first spells out a token that ends a completion; -1 for nowhere. */
  public int endNamedAt(String text) {
    return tokenizer.endNamedAt(text);
  }

  /** The ids of a text without a chat template, as the tokenizer begins a document. */
  public int[] encodeDocument(String text) {
    return tokenizer.encodeDocument(text);
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
    return padId;
  }
}
