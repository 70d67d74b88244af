package malt.model.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import malt.model.remote.RequestFailure.Scope;
import org.jspecify.annotations.Nullable;

/** What came of one attempt at a request. */
sealed interface Reply {
  /** The server did as asked. */
  record Answer(JsonNode body) implements Reply {}

  /** Trying again is of no use. */
  record Refusal(RequestFailure failure) implements Reply {}

  /**
   * The server did not do as asked, and may another time.
   *
   * @param status 0 where there was no answer
   * @param pause what the server asked to wait before that
   */
  record Trouble(int status, String what, Kind kind, Optional<Duration> pause) implements Reply {
    /** What it means for the server. */
    enum Kind {
      /** It is busy, or answered by halves: trying again may help. */
      PASSING,
      /** It could not read the request, which may have been broken on its way. */
      GARBLED,
      /** Nobody listens there, yet or any more. */
      GONE,
      /** It says that what computes has ended; it will not come back by itself. */
      DEAD
    }
  }

  /** OpenAI's codes and those of its like; a limit by the minute has other words. */
  Pattern USED_UP =
      Pattern.compile(
          "(insufficient|not enough|no)[ _](quota|balance|credits?|funds)|billing[ _](hard[ _])?"
              + "(limit|not[ _]active)|account[ _]deactivated|credit balance is too low",
          Pattern.CASE_INSENSITIVE);

  /** As vLLM and SGLang say it once the process that computes has ended. */
  Pattern DEAD =
      Pattern.compile(
          "engine\\S* (\\S+ )?(dead|died|encountered|stopped|terminated)|DeadError|loop (is not"
              + " running|has errored)|scheduler (is dead|died)|CUDA error",
          Pattern.CASE_INSENSITIVE);

  /** Characters of a server's own words. */
  int MOST_SAID = 300;

  ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes -Infinity
          .build();

  /**
   * Judges an answer by its status and by what it says.
   *
   * @param name of the request, to begin a sentence with
   * @param json whether an object is wanted; else any answer with a status of success will do
   */
  static Reply of(String name, HttpResponse<String> response, boolean json) {
    int status = response.statusCode();
    JsonNode body = parsed(response.body());
    if (!json && status >= 200 && status < 300) {
      return new Answer(body == null ? TextNode.valueOf(response.body()) : body);
    }
    if (status == 200) {
      if (body == null || !body.isObject()) {
        return new Trouble(
            status,
            name + "answered 200 with what is no JSON object: " + start(response),
            Trouble.Kind.PASSING,
            pause(response));
      }
      if (!body.hasNonNull("error") && !body.path("object").asText().equals("error")) {
        return brokenOff(body)
            .<Reply>map(
                reason ->
                    new Trouble(
                        status,
                        name + "broke off an answer: " + reason,
                        Trouble.Kind.PASSING,
                        pause(response)))
            .orElseGet(() -> new Answer(body));
      }
    }
    String message = message(body).orElseGet(() -> start(response));
    if (status == 400 && body == null) { // whoever refuses what was asked says so in JSON
      String what = "%sanswered 400: %s".formatted(name, message);
      return new Trouble(status, what, Trouble.Kind.GARBLED, pause(response));
    }
    return judged(name, status == 200 ? statusWithin(body) : status, message, response);
  }

  /** The finish_reason of a choice that the server did not bring to its end. */
  private static Optional<String> brokenOff(JsonNode body) {
    for (JsonNode choice : body.path("choices")) {
      String reason = choice.path("finish_reason").asText("");
      if (Ending.of(reason) == Ending.BROKEN) {
        return Optional.of("finish_reason " + brief(reason));
      }
    }
    return Optional.empty();
  }

  private static Reply judged(
      String name, int status, String message, HttpResponse<String> response) {
    String said = "%sanswered %d: %s".formatted(name, status, message);
    if (status >= 300 && status < 400) {
      String place = response.headers().firstValue("Location").orElse("nowhere");
      return new Refusal(
          new RequestFailure(
              Scope.SERVER,
              status,
              "%sanswered %d, a redirection to %s (set remote.server.url to where it leads)"
                  .formatted(name, status, brief(place))));
    }
    if (status == 402 || (status == 429 && isUsedUp(response))) {
      return new Refusal(
          new RequestFailure(Scope.SERVER, status, said + " (the account has nothing left)"));
    }
    return switch (status) {
      case 401, 403 ->
          new Refusal(new RequestFailure(Scope.SERVER, status, said + " (check the API key)"));
      case 404 ->
          new Refusal(
              new RequestFailure(
                  Scope.SERVER, status, said + " (check the URL and the model's name)"));
      case 400, 405, 413, 415, 422, 501 ->
          new Refusal(
              new RequestFailure(
                  Scope.REQUEST,
                  status,
                  overflows(message) ? said + " (the prompt leaves no room)" : said));
      default ->
          status == 408 || status == 425 || status == 429 || status == 200 || status >= 500
              ? new Trouble(status, said, kind(message), pause(response))
              : new Refusal(new RequestFailure(Scope.SERVER, status, said));
    };
  }

  private static Trouble.Kind kind(String message) {
    return DEAD.matcher(message).find() ? Trouble.Kind.DEAD : Trouble.Kind.PASSING;
  }

  /** Whether waiting is of no use: not the rate, the account is exhausted. */
  private static boolean isUsedUp(HttpResponse<String> response) {
    return pause(response).isEmpty() && USED_UP.matcher(response.body()).find();
  }

  /** Whether a message speaks of a context overflow; each server has words of its own. */
  private static boolean overflows(String message) {
    String words = message.toLowerCase(Locale.ROOT);
    return words.contains("context length") // OpenAI, vLLM, SGLang
        || words.contains("context_length_exceeded")
        || words.contains("context size") // llama.cpp
        || words.contains("context window"); // llama-cpp-python
  }

  private static @Nullable JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The message of an error, in the shapes of OpenAI, of older vLLM, of Ollama and of FastAPI. */
  private static Optional<String> message(@Nullable JsonNode body) {
    if (body == null) {
      return Optional.empty();
    }
    for (String pointer : new String[] {"/error/message", "/message", "/error", "/detail"}) {
      JsonNode found = body.at(pointer);
      if (!found.isMissingNode() && !found.isNull()) {
        return Optional.of(brief(found.isTextual() ? found.asText() : found.toString()));
      }
    }
    return Optional.empty();
  }

  /** The status that an error names although it came with 200; 200 where it names none. */
  private static int statusWithin(@Nullable JsonNode body) {
    if (body == null) {
      return 200;
    }
    int code = body.at("/error/code").asInt(body.path("code").asInt(0));
    return code >= 400 && code < 600 ? code : 200;
  }

  private static String start(HttpResponse<String> response) {
    String text = response.body().strip();
    return text.isEmpty() ? "nothing" : brief(text);
  }

  /** Its beginning, which is all of it where that is short. */
  static String brief(String text) {
    return text.length() <= MOST_SAID ? text : text.substring(0, MOST_SAID) + "...";
  }

  /** Retry-After, in seconds or as a date (RFC 9110, section 10.2.3). */
  private static Optional<Duration> pause(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(
            value -> {
              try {
                return Optional.of(
                    value.matches("\\d{1,9}")
                        ? Duration.ofSeconds(Long.parseLong(value))
                        : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)));
              } catch (DateTimeParseException e) {
                return Optional.empty();
              }
            });
  }
}
