package malt.app.tool;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.local.LocalModel;
import malt.torch.text.jinja.TemplateException;
import malt.torch.training.TokenSequence;
import malt.torch.training.TrainingData;
import malt.training.TrainingMethod;

/**
 * Rows under TRL's keys as training data: prompt, completion; or prompt, chosen, rejected; of a
 * policy also advantage, completion_ids and completion_log_probs. Each of the former is a text, or
 * messages; ids beside them (prompt_ids, completion_ids, ...) are taken as they are. An answer to
 * messages is all that the chat template writes for it, to the end of the turn; to one that was
 * written as text the tokenizer's end-of-text token is added. Neither has an end where
 * finish_reason (of a pair chosen_finish_reason, rejected_finish_reason) is "length".
 */
public final class TrainingRows implements TrainingData {
  private final LocalModel model;

  public TrainingRows(LocalModel model) {
    this.model = model;
  }

  @Override
  public List<List<TokenSequence>> read(Path file, TrainingMethod method) {
    return JsonRows.read(file)
        .mapped(
            row ->
                row.located(
                    () ->
                        method.match(sft -> example(row), dpo -> pair(row), ppo -> sampled(row))));
  }

  private List<TokenSequence> example(Row row) {
    int[] prompt = promptIds(row);
    return List.of(
        new TokenSequence(prompt, completion(row, prompt, "completion", "finish_reason")));
  }

  private List<TokenSequence> pair(Row row) {
    int[] prompt = promptIds(row);
    int[] chosen = completion(row, prompt, "chosen", "chosen_finish_reason");
    int[] rejected = completion(row, prompt, "rejected", "rejected_finish_reason");
    return List.of(new TokenSequence(prompt, chosen), new TokenSequence(prompt, rejected));
  }

  /** Its ids must be there: the log-probabilities are of these, and of no others. */
  private List<TokenSequence> sampled(Row row) {
    int[] prompt = promptIds(row);
    int[] ids = row.ids("completion_ids", model.base().config().vocabularySize());
    float[] logProbs = row.floats("completion_log_probs");
    if (logProbs.length != ids.length) {
      throw row.wrong(
          "completion_ids has %d entries and completion_log_probs has %d; one of each id is needed"
              .formatted(ids.length, logProbs.length));
    }
    requireRoom(row, prompt, "completion", ids);
    TokenSequence.Sampled sampled = new TokenSequence.Sampled(logProbs, row.number("advantage"));
    return List.of(new TokenSequence(prompt, ids, sampled));
  }

  private int[] promptIds(Row row) {
    int[] ids =
        row.has("prompt_ids")
            ? row.ids("prompt_ids", model.base().config().vocabularySize())
            : row.promptIds(model);
    if (ids.length == 0) {
      throw row.wrong("the prompt comes to no token");
    }
    return ids;
  }

  private int[] completion(Row row, int[] prompt, String key, String finishKey) {
    int[] ids =
        row.has(key + "_ids")
            ? row.ids(key + "_ids", model.base().config().vocabularySize())
            : answer(row, key, !(row.has(finishKey) && row.text(finishKey).equals("length")));
    if (ids.length == 0) {
      throw row.wrong("%s comes to no token".formatted(key));
    }
    requireRoom(row, prompt, key, ids);
    return ids;
  }

  private void requireRoom(Row row, int[] prompt, String key, int[] ids) {
    int positions = model.base().config().maxPositions();
    if (prompt.length + ids.length > positions) {
      throw row.wrong(
          "prompt and %s have %d tokens together, more than the model's %d positions"
              .formatted(key, prompt.length + ids.length, positions));
    }
  }

  private int[] answer(Row row, String key, boolean ended) {
    String promptKey = row.has("messages") ? "messages" : "prompt";
    if (row.has(promptKey) && !row.hasText(promptKey)) {
      return turn(row, new Prompt(row.messages(promptKey)), said(row, key), ended);
    }
    if (!row.hasText(key)) {
      said(row, key); // says what is missing, or is neither a text nor messages
      throw row.wrong("\"%s\" must hold a text where \"%s\" does".formatted(key, promptKey));
    }
    int[] ids = model.tokenizer().encodeContinuation(row.text(key));
    return ended ? ended(ids) : ids;
  }

  private int[] turn(Row row, Prompt prompt, String answer, boolean ended) {
    try {
      return model.chat().encodeTurn(prompt, answer, ended);
    } catch (TemplateException e) {
      throw row.wrong(String.valueOf(e.getMessage()));
    }
  }

  private int[] ended(int[] ids) {
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = model.tokenizer().endId();
    return ended;
  }

  private static String said(Row row, String key) {
    if (row.hasText(key)) {
      return row.text(key);
    }
    List<Message> messages = row.messages(key);
    if (messages.size() != 1 || messages.get(0).role() != Message.Role.ASSISTANT) {
      throw row.wrong("\"%s\" must hold a text or one message of the assistant".formatted(key));
    }
    return messages.get(0).text();
  }
}
