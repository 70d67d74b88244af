package malt.model.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import malt.model.remote.RequestFailure.Scope;
import org.jspecify.annotations.Nullable;

/** What came of one attempt at a request. */
sealed interface Reply {
  /** The server did as asked. */
  record Answer(JsonNode body) implements Reply {}

  /** Trying again is of no use. */
  record Refusal(RequestFailure failure) implements Reply {}

  /**
   * Trying again may help.
   *
   * @param reached whether the server was there at all
   * @param pause what the server asked to wait before that
   */
  record Trouble(int status, String what, boolean reached, Optional<Duration> pause)
      implements Reply {}

  /** Characters of a server's own words. */
  int MOST_SAID = 300;

  ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Judges an answer by its status and by what it says. */
  static Reply of(HttpResponse<String> response) {
    int status = response.statusCode();
    JsonNode body = parsed(response.body());
    if (status == 200) {
      if (body == null || !body.isObject()) {
        return new Trouble(
            status,
            "answered 200 with what is no JSON object: " + start(response),
            true,
            pause(response));
      }
      if (!body.hasNonNull("error") && !body.path("object").asText().equals("error")) {
        return new Answer(body);
      }
    }
    String message = message(body).orElseGet(() -> start(response));
    return judged(status == 200 ? statusWithin(body) : status, message, response);
  }

  private static Reply judged(int status, String message, HttpResponse<String> response) {
    String said = "answered %d: %s".formatted(status, message);
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
              ? new Trouble(status, said, true, pause(response))
              : new Refusal(new RequestFailure(Scope.SERVER, status, said));
    };
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

  private static String brief(String text) {
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
