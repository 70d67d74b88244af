package malt.torch.generation;

import java.util.Arrays;
import java.util.List;
import malt.model.Prompt;
import malt.torch.text.PromptLayout;
import malt.torch.text.Tokenizer;

/** Prompts and completions by a model's own tokenizer. */
public final class ModelCodec implements PromptCodec {
  private final Tokenizer tokenizer;
  private final PromptLayout layout;
  private final List<String> stop;

  /**
   * @param tokenizer stays its owner's to close
   * @param stop texts that end a completion too
   */
  public ModelCodec(Tokenizer tokenizer, PromptLayout layout, List<String> stop) {
    this.tokenizer = tokenizer;
    this.layout = layout;
    this.stop = List.copyOf(stop);
  }

  @Override
  public int[] encode(Prompt prompt) {
    return layout.encode(prompt);
  }

  /** The ids of a text that nothing is laid out around, as the tokenizer begins a document. */
  public int[] encodeDocument(String text) {
    return tokenizer.encodeDocument(text);
  }

  /** The ids of an answer that came as text, and of its end where the model ended it. */
  public int[] encodeAnswer(String text, boolean ended) {
    int[] ids = tokenizer.encodeContinuation(text);
    return ended ? ended(ids) : ids;
  }

  /** Where a text first spells out a token that ends a completion; -1 for nowhere. */
  int endNamedAt(String text) {
    return tokenizer.namedAt(text, layout::isEnd);
  }

  /** The ids, and the one that ends a completion. */
  int[] ended(int[] ids) {
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = layout.endId();
    return ended;
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  @Override
  public boolean isEnd(int id) {
    return layout.isEnd(id);
  }

  @Override
  public List<String> stop() {
    return stop;
  }
}
