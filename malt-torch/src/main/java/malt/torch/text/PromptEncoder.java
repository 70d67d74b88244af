package malt.torch.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.jinja.TemplateException;

/**
 * A prompt's token ids: what the template wrote, what people wrote, and the very ids of what was
 * sampled. Text next to text is encoded together, as the whole text would be; sampled ids are never
 * encoded again (token in, token out), so the border to them is one no token crosses.
 */
public final class PromptEncoder {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;

  public PromptEncoder(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
  }

  /**
   * The ids of the prompt up to where the assistant's message begins, (P).
   *
   * @throws TemplateException if the template refuses the messages, or changes the content of one
   *     in a way that cannot be followed
   */
  public int[] encode(Prompt prompt) {
    List<Message> messages = prompt.messages();
    RenderedPrompt rendered = RenderedPrompt.of(template, messages);
    List<int[]> pieces = new ArrayList<>();
    List<TextSpan> run = new ArrayList<>();
    for (RenderedPrompt.Piece piece : rendered.pieces()) {
      if (piece.message() < 0) {
        run.add(new TextSpan(piece.text(), true));
      } else {
        addContent(messages.get(piece.message()), piece, run, pieces);
      }
    }
    flush(run, pieces);
    return pieces.stream().flatMapToInt(Arrays::stream).toArray();
  }

  /** The ids of an answer that came as text, and of the end of text where the model ended it. */
  public int[] encodeAnswer(String text, boolean ended) {
    int[] ids = tokenizer.encodeContinuation(List.of(new TextSpan(text, false)));
    if (!ended) {
      return ids;
    }
    int[] whole = Arrays.copyOf(ids, ids.length + 1);
    whole[ids.length] = tokenizer.eosIds()[0];
    return whole;
  }

  /** The parts of a message that lie within the range of its content that the template printed. */
  private void addContent(
      Message message, RenderedPrompt.Piece piece, List<TextSpan> run, List<int[]> pieces) {
    int start = 0;
    for (Message.Part part : message.parts()) {
      int length = part.text().length();
      int from = Math.max(0, piece.from() - start);
      int to = Math.min(length, piece.from() + piece.text().length() - start);
      start += length;
      if (from >= to) {
        continue;
      }
      String text = part.text().substring(from, to);
      int[] ids =
          part instanceof Message.Sampled sampled ? ids(sampled.completion(), text) : new int[0];
      if (ids.length == 0) {
        run.add(new TextSpan(text, false));
      } else {
        flush(run, pieces);
        pieces.add(ids);
      }
    }
  }

  /**
   * The completion's ids without the end-of-text token, which the template writes itself, and
   * without the outer tokens that hold what the template cuts away. None where no run of the ids
   * has this text, or where there were none to begin with.
   */
  private int[] ids(Completion completion, String text) {
    int end = completion.ids().length;
    while (end > 0 && tokenizer.isEos(completion.ids()[end - 1])) {
      end--;
    }
    int[] ids = Arrays.copyOf(completion.ids(), end);
    if (text.equals(completion.text())) {
      return ids;
    }
    while (end > 0 && tokenizer.decode(new int[] {ids[end - 1]}).isBlank()) {
      end--;
    }
    for (int from = 0; from < end; from++) {
      int[] inner = Arrays.copyOfRange(ids, from, end);
      if (tokenizer.decode(inner).equals(text)) {
        return inner;
      }
    }
    return new int[0];
  }

  private void flush(List<TextSpan> run, List<int[]> pieces) {
    if (!run.isEmpty()) {
      pieces.add(pieces.isEmpty() ? tokenizer.encode(run) : tokenizer.encodeContinuation(run));
      run.clear();
    }
  }
}
