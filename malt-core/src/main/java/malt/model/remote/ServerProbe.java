package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.remote.RequestFailure.Scope;
import malt.model.remote.ServerTraits.LogProbs;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server what it can do, one request of one token for each question. A server that does not
 * know a key refuses it (OpenAI), passes over it in silence (Ollama) or falls over it
 * (llama-cpp-python): all are told from one that does as asked.
 */
final class ServerProbe {
  /** What the probes ask; also the prompt by which two encoders can be compared. */
  static final Prompt PROMPT = new Prompt(List.of(Message.of(Message.Role.USER, "What is 1 + 1?")));

  private static final SamplingParams ONE_TOKEN = new SamplingParams(1, 1, 1);

  private final ApiConnection connection;
  private final RequestBody requests;
  private final RemoteSettings settings;

  ServerProbe(ApiConnection connection, RequestBody requests, RemoteSettings settings) {
    this.connection = connection;
    this.requests = requests;
    this.settings = settings;
  }

  ServerTraits traits() throws RequestFailure, InterruptedException {
    JsonNode malt = served().path("malt"); // ours alone have this
    requirePlainAnswer();
    boolean ids =
        answers(requests::askForIds, completions -> completions.get(0).ids().length > 0)
            && promptIds().length > 0;
    LogProbs logProbs = logProbs(ids);
    boolean many = settings.samplesPerRequest() > 1 && manySamples(logProbs);
    boolean samplerKeys =
        malt.isMissingNode() && answers(requests::switchOffSamplers, completions -> true);
    return new ServerTraits(
        many,
        malt.path("seeds").asBoolean(),
        ids,
        logProbs,
        samplerKeys,
        text(malt, "base"),
        text(malt, "template"));
  }

  /** None where the text will be encoded here: they would belong to other tokens. */
  private LogProbs logProbs(boolean ids) throws RequestFailure, InterruptedException {
    for (LogProbs how : List.of(LogProbs.WITH_BEST, LogProbs.ALONE)) {
      if (answers(
          body -> requests.askForLogProbs(body, how),
          completions ->
              completions.get(0).logProbs().length > 0
                  && (ids || completions.get(0).ids().length > 0 || !requests.encodesHere()))) {
        return how;
      }
    }
    return LogProbs.NONE;
  }

  /**
   * Whether the server takes n, and then says as much of each completion as of one: llama.cpp
   * counts the tokens of one of them, so that nobody can tell whether all ids are there.
   */
  private boolean manySamples(LogProbs logProbs) throws RequestFailure, InterruptedException {
    Consumer<ObjectNode> one = body -> requests.askForLogProbs(body, logProbs);
    boolean ids = ask(one).get(0).ids().length > 0;
    return answers(
        one.andThen(body -> body.put("n", 2)),
        completions ->
            completions.size() == 2
                && completions.stream().allMatch(many -> many.ids().length > 0 == ids));
  }

  /** The ids that the server makes of {@link #PROMPT}; none where it does not tell. */
  int[] promptIds() throws RequestFailure, InterruptedException {
    return ask(requests::askForIds).get(0).promptIds();
  }

  /** What the server says of the base; nothing where it lists no models. */
  private JsonNode served() throws RequestFailure, InterruptedException {
    JsonNode models;
    try {
      models = connection.get("/models").path("data");
    } catch (RequestFailure e) {
      if (e.status() == 404) {
        return Reply.JSON.createObjectNode();
      }
      throw e;
    }
    List<String> names = new ArrayList<>();
    models.forEach(model -> names.add(model.path("id").asText()));
    if (!names.isEmpty() && !names.contains(settings.model())) {
      throw new RequestFailure(
          Scope.SERVER,
          404,
          "%s has no model '%s'; it has: %s"
              .formatted(settings.url(), settings.model(), String.join(", ", names)));
    }
    for (JsonNode model : models) {
      if (model.path("id").asText().equals(settings.model())) {
        return model;
      }
    }
    return Reply.JSON.createObjectNode();
  }

  /** Whether the server does what a key asks. */
  private boolean answers(Consumer<ObjectNode> key, Predicate<List<Completion>> done)
      throws RequestFailure, InterruptedException {
    try {
      return done.test(ask(key));
    } catch (RequestFailure e) {
      if (lacking(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean lacking(RequestFailure failure) {
    return failure.scope() == Scope.REQUEST || failure.status() == 500;
  }

  /** What every server must do. */
  private void requirePlainAnswer() throws RequestFailure, InterruptedException {
    try {
      ask(body -> {});
    } catch (RequestFailure e) {
      if (lacking(e) && settings.api() == RemoteSettings.Api.COMPLETIONS) {
        throw new RequestFailure(
            Scope.SERVER,
            e.status(),
            e.what() + " (if it takes no token ids as a prompt, set remote.server.api: chat)");
      }
      throw e;
    }
  }

  private List<Completion> ask(Consumer<ObjectNode> key)
      throws RequestFailure, InterruptedException {
    ObjectNode body = plain();
    key.accept(body);
    return completions(connection.ask(requests.path(), body));
  }

  private ObjectNode plain() {
    return requests.plain(PROMPT, settings.model(), ONE_TOKEN);
  }

  private List<Completion> completions(JsonNode answer) throws RequestFailure {
    try {
      return ResponseBody.completions(answer, AdapterRef.BASE, List.of(0L, 1L));
    } catch (IllegalArgumentException e) {
      throw new RequestFailure(
          Scope.SERVER,
          200,
          "%s does not speak OpenAI's API: %s".formatted(settings.url(), e.getMessage()));
    }
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.path(key).isTextual() ? node.path(key).asText() : null;
  }
}
