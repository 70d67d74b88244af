package malt.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import malt.Seeds;
import malt.WordList;
import malt.app.team.SamplingChange;
import malt.model.Message;
import org.jspecify.annotations.Nullable;

/**
 * A request for completions, checked.
 *
 * @param messages of a chat; empty for plain completions
 * @param prompts of plain completions: each a text or token ids
 * @param seeds one per completion of each prompt
 * @param votes passes of a team
 * @param showRoles whether the turns before the answer are wanted too
 */
record Call(
    boolean chat,
    String model,
    List<Message> messages,
    List<JsonNode> prompts,
    SamplingChange change,
    List<Long> seeds,
    int votes,
    boolean showRoles,
    boolean logProbs,
    boolean ids,
    boolean stream,
    boolean streamUsage) {
  static final int MOST_SAMPLES = 128;
  private static final Set<String> KEYS =
      WordList.of(
          """
          model messages prompt max_tokens max_completion_tokens temperature top_p n seed
          seeds stop stream logprobs n_votes return_roles return_token_ids
          """);

  /**
   * @param freshSeed for a caller who gives none
   */
  static Call read(byte[] body, boolean chat, int maxTokens, long freshSeed) {
    JsonCall json = JsonCall.parse(body, KEYS);
    Integer most = json.integer("max_completion_tokens", 1, maxTokens);
    Integer votes = json.integer("n_votes", 1, MOST_SAMPLES);
    return new Call(
        chat,
        json.text("model"),
        chat ? messages(json.get("messages")) : List.of(),
        chat ? List.of() : prompts(json.get("prompt")),
        new SamplingChange(
            json.number("temperature", 0, 100),
            topP(json.number("top_p", 0, 1)),
            most == null ? json.integer("max_tokens", 1, maxTokens) : most,
            stop(json.get("stop"))),
        seeds(json, freshSeed),
        votes == null ? 1 : votes,
        json.flag("return_roles"),
        chat ? json.flag("logprobs") : plainLogProbs(json),
        json.flag("return_token_ids"),
        json.flag("stream"),
        json.get("stream_options").path("include_usage").asBoolean());
  }

  /** A mass of 0 is the likeliest token alone, as any that it has already. */
  private static @Nullable Double topP(@Nullable Double mass) {
    return mass == null ? null : (Double) Math.max(mass, Double.MIN_NORMAL);
  }

  /** Of plain completions the number of alternatives; false, as chat has it, is none. */
  private static boolean plainLogProbs(JsonCall json) {
    return !NothingAsked.by("logprobs", json.get("logprobs"))
        && json.integer("logprobs", 0, 5) != null;
  }

  /** Completions that it asks for, those of every vote included. */
  int weight() {
    return Math.max(1, prompts.size()) * seeds.size() * votes;
  }

  private static List<Message> messages(JsonNode json) {
    if (!json.isArray() || json.isEmpty()) {
      throw ApiError.invalid("messages", "'messages' must be a list of one or more.");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : json) {
      messages.add(Message.of(role(message.path("role").asText()), content(message)));
    }
    return messages;
  }

  private static Message.Role role(String name) {
    return switch (name) {
      case "system", "developer" -> Message.Role.SYSTEM;
      case "user" -> Message.Role.USER;
      case "assistant" -> Message.Role.ASSISTANT;
      default ->
          throw ApiError.invalid(
              "messages", "A message is of system, user or assistant, not '%s'.".formatted(name));
    };
  }

  /** A text, or parts that are all texts. */
  private static String content(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw ApiError.invalid("messages", "Only text can be read here.");
      }
      text.append(part.path("text").asText());
    }
    if (content.isEmpty()) {
      throw ApiError.invalid("messages", "A message has no content.");
    }
    return text.toString();
  }

  /** One text, one list of ids, or a list of either. */
  private static List<JsonNode> prompts(JsonNode json) {
    List<JsonNode> prompts = new ArrayList<>();
    if (json.isArray() && !json.isEmpty() && !json.get(0).isNumber()) {
      json.forEach(prompts::add);
    } else {
      prompts.add(json);
    }
    if (prompts.size() > MOST_SAMPLES) {
      throw ApiError.invalid("prompt", "'prompt' holds more than %d.".formatted(MOST_SAMPLES));
    }
    for (JsonNode prompt : prompts) {
      boolean ids =
          prompt.isArray()
              && !prompt.isEmpty()
              && IntStream.range(0, prompt.size()).allMatch(i -> prompt.get(i).isInt());
      if (!ids && !(prompt.isTextual() && !prompt.asText().isEmpty())) {
        throw ApiError.invalid(
            "prompt", "'prompt' must be a text or token ids, or a list of them.");
      }
    }
    return prompts;
  }

  private static List<String> stop(JsonNode json) {
    List<String> stop = new ArrayList<>();
    if (json.isTextual()) {
      stop.add(json.asText());
    } else {
      json.forEach(text -> stop.add(text.asText()));
    }
    if (stop.size() > 16 || stop.contains("")) {
      throw ApiError.invalid("stop", "'stop' must be up to 16 texts, none of them empty.");
    }
    return stop;
  }

  private static List<Long> seeds(JsonCall json, long freshSeed) {
    Integer n = json.integer("n", 1, MOST_SAMPLES);
    if (json.has("seeds")) {
      JsonNode given = json.get("seeds");
      List<Long> seeds = new ArrayList<>();
      for (JsonNode seed : given) {
        if (seed.isIntegralNumber() && seed.canConvertToLong()) {
          seeds.add(seed.asLong());
        }
      }
      if (seeds.isEmpty()
          || seeds.size() != given.size()
          || seeds.size() > MOST_SAMPLES
          || (n != null && n != seeds.size())) {
        throw ApiError.invalid("seeds", "'seeds' must be n whole numbers.");
      }
      return seeds;
    }
    Long seed = json.whole("seed");
    long first = seed == null ? freshSeed : seed;
    return LongStream.range(0, n == null ? 1 : n)
        .map(i -> i == 0 ? first : Seeds.of(first, i))
        .boxed()
        .toList();
  }

  /** The question that a team is asked. */
  String question() {
    if (!chat) {
      throw ApiError.invalid("model", "A team is asked by chat completions alone.");
    }
    if (messages.size() != 1 || messages.get(0).role() != Message.Role.USER) {
      throw ApiError.invalid(
          "messages", "A team answers one question: send a single message, of the role user.");
    }
    return messages.get(0).text();
  }
}
