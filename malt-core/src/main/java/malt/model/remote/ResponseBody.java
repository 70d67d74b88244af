package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import malt.model.AdapterRef;
import malt.model.Completion;

/** Completions as the servers' dialects write them. */
final class ResponseBody {
  private static final int[] NO_IDS = new int[0];
  private static final float[] NO_LOG_PROBS = new float[0];

  private ResponseBody() {}

  /**
   * The choices of an answer in their order.
   *
   * @throws IllegalArgumentException saying what is wrong with the answer
   */
  static List<Choice> choices(JsonNode answer) {
    List<JsonNode> choices = new ArrayList<>();
    answer.path("choices").forEach(choices::add);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("there are no choices in " + brief(answer));
    }
    choices.sort(Comparator.comparingInt(choice -> choice.path("index").asInt()));
    return choices.stream().map(choice -> choice(answer, choice)).toList();
  }

  /**
   * What becomes of them, at most one per seed.
   *
   * @param maxTokens that were asked for
   * @throws IllegalArgumentException likewise
   */
  static List<Completion> completions(
      JsonNode answer, AdapterRef adapter, List<Long> seeds, int maxTokens) {
    List<Choice> choices = choices(answer);
    return IntStream.range(0, Math.min(choices.size(), seeds.size()))
        .mapToObj(i -> choices.get(i).completion(adapter, seeds.get(i), maxTokens))
        .toList();
  }

  /** How many tokens the server made of the prompt; 0 where it does not tell. */
  static int promptTokens(JsonNode answer) {
    JsonNode ids = promptIds(answer, answer.path("choices").path(0));
    return ids.isEmpty() ? answer.at("/usage/prompt_tokens").asInt(0) : ids.size();
  }

  private static JsonNode promptIds(JsonNode answer, JsonNode choice) {
    JsonNode own = choice.path("prompt_token_ids"); // vLLM's plain completions
    return own.isArray() ? own : answer.path("prompt_token_ids");
  }

  private static Choice choice(JsonNode answer, JsonNode choice) {
    JsonNode message = choice.path("message");
    int[] ids = ids(answer, choice);
    float[] logProbs = logProbs(choice.path("logprobs"));
    boolean odd = false;
    for (float logProb : logProbs) {
      odd |= !Float.isFinite(logProb);
    }
    boolean unlike = ids.length > 0 && logProbs.length != ids.length; // which belongs to which?
    return new Choice(
        text(choice),
        said(message.path("reasoning_content")) || said(message.path("reasoning")),
        choice.path("finish_reason").asText("").replaceFirst("^null$", ""),
        answer.path("choices").size() == 1
            ? answer.at("/usage/completion_tokens").asInt(-1)
            : -1, // which has how many?
        ints(promptIds(answer, choice)),
        ids,
        odd || unlike ? NO_LOG_PROBS : logProbs,
        odd);
  }

  private static boolean said(JsonNode thoughts) {
    return !thoughts.asText("").isBlank();
  }

  private static String text(JsonNode choice) {
    JsonNode message = choice.path("message");
    JsonNode text = message.isObject() ? message.path("content") : choice.path("text");
    boolean none = message.isObject() && (text.isNull() || text.isMissingNode());
    if (!text.isTextual() && !none) {
      throw new IllegalArgumentException("a choice has no text: " + brief(choice));
    }
    return text.asText("");
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

  /** NaN for what is no number; none where there are none at all. */
  private static float[] logProbs(JsonNode logProbs) {
    JsonNode chat = logProbs.path("content");
    JsonNode all = chat.isArray() ? chat : logProbs.path("token_logprobs");
    float[] found = new float[all.size()];
    for (int i = 0; i < found.length; i++) {
      JsonNode one = chat.isArray() ? all.get(i).path("logprob") : all.get(i);
      found[i] = one.isNumber() && one.asDouble() < 0.01 ? (float) one.asDouble() : Float.NaN;
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
