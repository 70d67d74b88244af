package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  static final Prompt PROMPT = Prompt.of("What is 1 + 1?");

  private static final SamplingParams ONE_TOKEN = new SamplingParams(1, 1, 1);

  private final ApiConnection connection;
  private final Patience patience;
  private final RequestBody requests;
  private final RemoteSettings settings;
  private int promptTokens;

  ServerProbe(
      ApiConnection connection, Patience patience, RequestBody requests, RemoteSettings settings) {
    this.connection = connection;
    this.patience = patience;
    this.requests = requests;
    this.settings = settings;
  }

  ServerTraits traits() throws RequestFailure, InterruptedException {
    JsonNode malt = served().path("malt"); // ours alone have this
    requirePlainAnswer();
    boolean ids =
        answers(requests::askForIds, choices -> choices.get(0).ids().length > 0)
            && promptIds().length > 0;
    LogProbs logProbs = logProbs(ids);
    boolean ownSeeds = malt.path("seeds").asBoolean();
    return new ServerTraits(
        samples(logProbs),
        settings.seed() && (ownSeeds || answers(body -> requests.seed(body, 1), choices -> true)),
        settings.seed() && ownSeeds,
        ids,
        logProbs,
        malt.isMissingNode() && answers(requests::switchOffSamplers, choices -> true),
        text(malt, "base"),
        text(malt, "template"));
  }

  /** None where the text will be encoded here: they would belong to other tokens. */
  private LogProbs logProbs(boolean ids) throws RequestFailure, InterruptedException {
    for (LogProbs how : List.of(LogProbs.WITH_BEST, LogProbs.ALONE)) {
      if (answers(
          body -> requests.askForLogProbs(body, how),
          choices ->
              choices.get(0).logProbs().length > 0
                  && (ids || choices.get(0).ids().length > 0 || !requests.encodesHere()))) {
        return how;
      }
    }
    return LogProbs.NONE;
  }

  /**
   * The most completions a request, of as many as wanted, half as many and so on, of which the
   * server says as much of each as of one: llama.cpp counts the tokens of one of them, so that
   * nobody can tell whether all ids are there.
   */
  private int samples(LogProbs logProbs) throws RequestFailure, InterruptedException {
    Consumer<ObjectNode> one = body -> requests.askForLogProbs(body, logProbs);
    boolean ids = ask(one).get(0).ids().length > 0;
    for (int n = settings.samplesPerRequest(); n > 1; n /= 2) {
      int wanted = n;
      if (answers(
          one.andThen(body -> body.put("n", wanted)),
          choices ->
              choices.size() > 1 // a server may cap n, and is asked for the rest then
                  && choices.stream().allMatch(many -> many.ids().length > 0 == ids))) {
        return n;
      }
    }
    return 1;
  }

  /** How many tokens the server made of {@link #PROMPT}; 0 where it did not tell. */
  int promptTokens() {
    return promptTokens;
  }

  /** The ids that the server makes of {@link #PROMPT}; none where it does not tell. */
  int[] promptIds() throws RequestFailure, InterruptedException {
    return ask(requests::askForIds).get(0).promptIds();
  }

  /** What the server says of the base; nothing where it lists no models, or not to us. */
  private JsonNode served() throws RequestFailure, InterruptedException {
    JsonNode models;
    try {
      models = patience.asked(() -> connection.get("/models")).path("data");
    } catch (RequestFailure e) {
      boolean answered = e.scope() != Scope.TROUBLE || e.status() == 500 || e.status() == 200;
      if (e.status() == 0 || !answered) {
        throw e;
      }
      return Reply.JSON.createObjectNode(); // whether it can be used, the next request will tell
    }
    List<String> names = new ArrayList<>();
    models.forEach(model -> names.add(model.path("id").asText()));
    if (!names.isEmpty() && !names.contains(settings.model())) {
      throw new RequestFailure(
          Scope.SERVER,
          404,
          "%s has no model '%s'; it has: %s"
              .formatted(
                  connection.url(), settings.model(), Reply.brief(String.join(", ", names))));
    }
    for (JsonNode model : models) {
      if (model.path("id").asText().equals(settings.model())) {
        return model;
      }
    }
    return Reply.JSON.createObjectNode();
  }

  /** Whether the server does what a key asks. */
  private boolean answers(Consumer<ObjectNode> key, Predicate<List<Choice>> done)
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

  /** Asked without the key it answered, so any refusal is the key's: OpenAI's may be a 403. */
  private static boolean lacking(RequestFailure failure) {
    return failure.status() == 500 || (failure.scope() != Scope.TROUBLE && failure.status() >= 400);
  }

  /** What every server must do. */
  private void requirePlainAnswer() throws RequestFailure, InterruptedException {
    try {
      JsonNode answer = patience.asked(() -> connection.post(requests.path(), plain()));
      choices(answer);
      promptTokens = ResponseBody.promptTokens(answer);
    } catch (RequestFailure e) {
      boolean refused = e.scope() == Scope.REQUEST || e.status() == 500;
      if (refused && settings.api() == RemoteSettings.Api.COMPLETIONS) {
        throw new RequestFailure(
            Scope.SERVER,
            e.status(),
            e.what() + " (if it takes no token ids as a prompt, set remote.server.api: chat)");
      }
      throw e;
    }
  }

  private List<Choice> ask(Consumer<ObjectNode> key) throws RequestFailure, InterruptedException {
    ObjectNode body = plain();
    key.accept(body);
    return choices(patience.asked(() -> connection.post(requests.path(), body)));
  }

  private ObjectNode plain() {
    return requests.plain(PROMPT, settings.model(), ONE_TOKEN);
  }

  private List<Choice> choices(JsonNode answer) throws RequestFailure {
    try {
      return ResponseBody.choices(answer);
    } catch (IllegalArgumentException e) {
      throw new RequestFailure(
          Scope.SERVER,
          200,
          "%s does not speak OpenAI's API: %s".formatted(connection.url(), e.getMessage()));
    }
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.path(key).isTextual() ? node.path(key).asText() : null;
  }
}
