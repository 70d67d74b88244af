package malt.app.tool;

import java.util.Arrays;
import java.util.List;
import malt.agent.AgentRole;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.jinja.TemplateException;

/**
 * Rows under TRL's keys as training data: prompt, completion; or prompt, chosen, rejected. Each is
 * a text, or messages; ids beside them (prompt_ids, completion_ids, ...) are taken as they are. An
 * answer to messages is all that the chat template writes for it, to the end of the turn; to one
 * that was written as text the tokenizer's end-of-text token is added. Neither has an end where
 * finish_reason (of a pair chosen_finish_reason, rejected_finish_reason) is "length".
 */
public final class TrainingRows {
  private static final AgentRole ROLE = new AgentRole("model");

  private final ToolModel model;

  public TrainingRows(ToolModel model) {
    this.model = model;
  }

  public SftExample example(Row row) {
    return new SftExample(
        ROLE,
        row.where(),
        new Prompt(List.of()),
        completion(row, promptIds(row), "completion", "finish_reason"),
        1);
  }

  public PreferencePair pair(Row row) {
    int[] prompt = promptIds(row);
    return new PreferencePair(
        ROLE,
        row.where(),
        new Prompt(List.of()),
        completion(row, prompt, "chosen", "chosen_finish_reason"),
        completion(row, prompt, "rejected", "rejected_finish_reason"),
        1,
        0);
  }

  private int[] promptIds(Row row) {
    int[] ids =
        row.has("prompt_ids")
            ? row.ids("prompt_ids", model.base().config().vocabularySize())
            : model.promptIds(row);
    if (ids.length == 0) {
      throw row.wrong("the prompt comes to no token");
    }
    return ids;
  }

  private Completion completion(Row row, int[] prompt, String key, String finishKey) {
    boolean cut = row.has(finishKey) && row.text(finishKey).equals("length");
    int[] ids =
        row.has(key + "_ids")
            ? row.ids(key + "_ids", model.base().config().vocabularySize())
            : answer(row, key, !cut);
    if (ids.length == 0) {
      throw row.wrong("%s comes to no token".formatted(key));
    }
    int positions = model.base().config().maxPositions();
    if (prompt.length + ids.length > positions) {
      throw row.wrong(
          "prompt and %s have %d tokens together, more than the model's %d positions"
              .formatted(key, prompt.length + ids.length, positions));
    }
    return new Completion(
        "",
        prompt,
        ids,
        new float[ids.length],
        cut ? FinishReason.LENGTH : FinishReason.STOP,
        AdapterRef.BASE,
        0);
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
      return model.encoder().encodeTurn(prompt, answer, ended);
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
