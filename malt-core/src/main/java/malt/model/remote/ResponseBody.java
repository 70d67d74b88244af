package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;

/** Completions as the servers' dialects write them. */
final class ResponseBody {
  private static final int[] NO_IDS = new int[0];
  private static final float[] NO_LOG_PROBS = new float[0];

  private ResponseBody() {}

  /**
   * The choices of an answer in their order, at most one per seed.
   *
   * @throws IllegalArgumentException saying what is wrong with the answer
   */
  static List<Completion> completions(JsonNode answer, AdapterRef adapter, List<Long> seeds) {
    List<JsonNode> choices = new ArrayList<>();
    answer.path("choices").forEach(choices::add);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("there are no choices in " + brief(answer));
    }
    choices.sort(Comparator.comparingInt(choice -> choice.path("index").asInt()));
    List<Completion> completions = new ArrayList<>();
    for (int i = 0; i < Math.min(choices.size(), seeds.size()); i++) {
      completions.add(completion(answer, choices.get(i), adapter, seeds.get(i)));
    }
    return completions;
  }

  private static Completion completion(
      JsonNode answer, JsonNode choice, AdapterRef adapter, long seed) {
    JsonNode promptIds = choice.path("prompt_token_ids"); // vLLM's plain completions
    int[] ids = ids(answer, choice);
    float[] logProbs = logProbs(choice.path("logprobs"));
    if (ids.length > 0 && logProbs.length != ids.length) {
      logProbs = NO_LOG_PROBS; // which belongs to which cannot be told
    }
    return new Completion(
        text(choice),
        ints(promptIds.isArray() ? promptIds : answer.path("prompt_token_ids")),
        ids,
        logProbs,
        finish(choice),
        adapter,
        seed);
  }

  private static String text(JsonNode choice) {
    JsonNode message = choice.path("message");
    JsonNode text = message.isObject() ? message.path("content") : choice.path("text");
    if (!text.isTextual() && !(message.isObject() && text.isNull())) {
      throw new IllegalArgumentException("a choice has no text: " + brief(choice));
    }
    return text.asText("");
  }

  private static FinishReason finish(JsonNode choice) {
    String reason = choice.path("finish_reason").asText();
    return switch (reason) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      default -> FinishReason.FAILED; // content_filter, abort, a call of a tool
    };
  }

  /** vLLM's token_ids; else the ids that llama.cpp puts beside its log-probabilities. */
  private static int[] ids(JsonNode answer, JsonNode choice) {
    JsonNode ids = choice.path("token_ids");
    if (ids.isArray()) {
      return ints(ids);
    }
    JsonNode content = choice.path("logprobs").path("content");
    if (content.isEmpty() || !content.get(0).path("id").isInt() || !complete(answer)) {
      return NO_IDS;
    }
    int[] found = new int[content.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = content.get(i).path("id").asInt();
    }
    return found;
  }

  /** Whether every token has an entry; llama.cpp has none for the parts of a character. */
  private static boolean complete(JsonNode answer) {
    int entries = 0;
    for (JsonNode choice : answer.path("choices")) {
      entries += choice.path("logprobs").path("content").size();
    }
    return entries == answer.path("usage").path("completion_tokens").asInt(-1);
  }

  private static float[] logProbs(JsonNode logProbs) {
    JsonNode chat = logProbs.path("content");
    JsonNode all = chat.isArray() ? chat : logProbs.path("token_logprobs");
    float[] found = new float[all.size()];
    for (int i = 0; i < found.length; i++) {
      JsonNode one = chat.isArray() ? all.get(i).path("logprob") : all.get(i);
      if (!one.isNumber()) {
        return NO_LOG_PROBS;
      }
      found[i] = (float) one.asDouble();
    }
    return found;
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  private static String brief(JsonNode node) {
    String text = node.toString();
    return text.substring(0, Math.min(200, text.length()));
  }
}
