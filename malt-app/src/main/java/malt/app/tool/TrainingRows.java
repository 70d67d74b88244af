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

/**
 * Rows under TRL's keys as training data: prompt, completion; or prompt, chosen, rejected. Each is
 * a text, or messages; ids beside them (prompt_ids, completion_ids, ...) are taken as they are. To
 * what was written as text the end-of-text token is added.
 */
public final class TrainingRows {
  private static final AgentRole ROLE = new AgentRole("model");

  private final ToolModel model;

  public TrainingRows(ToolModel model) {
    this.model = model;
  }

  public SftExample example(Row row) {
    return new SftExample(
        ROLE, row.where(), new Prompt(List.of()), completion(row, promptIds(row), "completion"), 1);
  }

  public PreferencePair pair(Row row) {
    int[] prompt = promptIds(row);
    return new PreferencePair(
        ROLE,
        row.where(),
        new Prompt(List.of()),
        completion(row, prompt, "chosen"),
        completion(row, prompt, "rejected"),
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

  private Completion completion(Row row, int[] prompt, String key) {
    int[] ids =
        row.has(key + "_ids")
            ? row.ids(key + "_ids", model.base().config().vocabularySize())
            : ended(model.tokenizer().encodeContinuation(text(row, key)));
    int positions = model.base().config().maxPositions();
    if (prompt.length + ids.length > positions) {
      throw row.wrong(
          "prompt and %s have %d tokens together, more than the model's %d positions"
              .formatted(key, prompt.length + ids.length, positions));
    }
    return new Completion(
        "", prompt, ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 0);
  }

  private int[] ended(int[] ids) {
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = model.tokenizer().endId();
    return ended;
  }

  private static String text(Row row, String key) {
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
