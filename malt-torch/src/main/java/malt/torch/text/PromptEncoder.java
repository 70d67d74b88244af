package malt.torch.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.jinja.TemplateException;

/**
 * A prompt's token ids by a chat template: what the template wrote, what people wrote, and the very
 * ids of what was sampled.
 */
public final class PromptEncoder implements PromptLayout {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Optional<TurnEnd> turnEnd;

  public PromptEncoder(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.turnEnd = TurnEnd.of(template, tokenizer);
  }

  /**
   * Whether an id ends what the assistant says: it ends a text, or the template ends a turn with
   * it.
   */
  @Override
  public boolean isEnd(int id) {
    return tokenizer.isEos(id) || (turnEnd.isPresent() && turnEnd.get().id() == id);
  }

  /**
   * The id that ends what the assistant says: what the template ends a turn with, else the
   * tokenizer's own.
   */
  @Override
  public int endId() {
    return turnEnd.map(TurnEnd::id).orElseGet(tokenizer::endId);
  }

  /**
   * The ids of the prompt up to where the assistant's message begins, (P).
   *
   * @throws TemplateException if the template refuses the messages, or changes the content of one
   *     in a way that cannot be followed
   */
  @Override
  public int[] encode(Prompt prompt) {
    List<Message> messages = prompt.messages();
    SplicedIds ids = new SplicedIds(tokenizer, this::isEnd, tokenizer::encode);
    for (RenderedPrompt.Piece piece : RenderedPrompt.of(template, messages, true).pieces()) {
      add(piece, messages, ids);
    }
    return ids.ids();
  }

  /**
   * The ids of all that the template writes behind the prompt where the assistant says {@code
   * answer}: the answer as the template prints it, what it puts before it, and how it ends the
   * turn.
   *
   * @param ended false leaves out how it ends the turn
   * @throws TemplateException as {@link #encode}, and if the template changes the prompt once it is
   *     answered
   */
  public int[] encodeTurn(Prompt prompt, String answer, boolean ended) {
    List<Message> messages = new ArrayList<>(prompt.messages());
    messages.add(Message.of(Message.Role.ASSISTANT, answer));
    RenderedPrompt whole = RenderedPrompt.of(template, messages, false);
    String before = template.render(prompt.messages(), true);
    if (!whole.text().startsWith(before)) {
      throw new TemplateException(
          "it lays out the prompt otherwise once it is answered, so no answer goes on from it; give"
              + " prompt and answer as texts, or as ids",
          0);
    }
    SplicedIds ids = new SplicedIds(tokenizer, this::isEnd, tokenizer::encodeContinuation);
    List<RenderedPrompt.Piece> turn = whole.after(before.length());
    int last = turn.size();
    while (!ended && last > 0 && turn.get(last - 1).message() < 0) {
      last--;
    }
    turn.subList(0, last).forEach(piece -> add(piece, messages, ids));
    return ids.ids();
  }

  private static void add(RenderedPrompt.Piece piece, List<Message> messages, SplicedIds ids) {
    if (piece.message() < 0) {
      ids.add(piece.text(), true);
    } else {
      ids.add(messages.get(piece.message()), piece.from(), piece.text().length());
    }
  }
}
