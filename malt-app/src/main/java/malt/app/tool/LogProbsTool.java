package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import malt.torch.adapter.LoraAdapter;
import malt.torch.local.LocalModel;
import malt.torch.training.CompletionScorer;

/**
 * {"prompt" or "messages", "completion"} or {"prompt_ids", "completion_ids"} to {"ids", "logprobs",
 * "sum"} of the completion, in nats.
 */
public final class LogProbsTool implements RowTool {
  private final LocalModel model;
  private final LoraAdapter adapter;

  public LogProbsTool(LocalModel model, LoraAdapter adapter) {
    this.model = model;
    this.adapter = adapter;
  }

  @Override
  public ObjectNode apply(Row row) {
    int vocabulary = model.base().config().vocabularySize();
    boolean ids = row.has("completion_ids");
    int[] prompt = ids ? row.ids("prompt_ids", vocabulary) : row.promptIds(model);
    int[] completion =
        ids
            ? row.ids("completion_ids", vocabulary)
            : model.tokenizer().encodeContinuation(row.text("completion"));
    if (prompt.length == 0 || completion.length == 0) {
      throw row.wrong("prompt and completion must come to a token each");
    }
    float[] logProbs = CompletionScorer.score(model.base(), adapter, prompt, completion);
    double sum = 0;
    for (float logProb : logProbs) {
      sum += logProb;
    }
    ObjectNode answer = JsonRows.object();
    JsonRows.put(answer, "ids", completion);
    JsonRows.put(answer, "logprobs", logProbs);
    return answer.put("sum", sum);
  }
}
