package malt.torch.text;

import java.util.List;
import java.util.stream.Collectors;
import malt.model.Message;
import malt.model.Prompt;

/**
 * A prompt's token ids without a chat template: the messages' texts, a blank line between them,
 * whatever their roles. For base models, which were taught no template.
 */
public final class PlainEncoder implements PromptLayout {
  private static final String BETWEEN = "\n\n";

  private final Tokenizer tokenizer;

  public PlainEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The prompt as one text. */
  public static String text(List<Message> messages) {
    return messages.stream().map(Message::text).collect(Collectors.joining(BETWEEN));
  }

  /**
   * The ids of the prompt, (P), with the tokens that the tokenizer itself puts around a text, such
   * as one at its beginning.
   */
  @Override
  public int[] encode(Prompt prompt) {
    SplicedIds ids = new SplicedIds(tokenizer, this::isEnd, tokenizer::encodeDocument);
    for (int i = 0; i < prompt.messages().size(); i++) {
      if (i > 0) {
        ids.add(BETWEEN, false);
      }
      Message message = prompt.messages().get(i);
      ids.add(message, 0, message.text().length());
    }
    return ids.ids();
  }

  @Override
  public boolean isEnd(int id) {
    return tokenizer.isEos(id);
  }

  @Override
  public int endId() {
    return tokenizer.endId();
  }
}
