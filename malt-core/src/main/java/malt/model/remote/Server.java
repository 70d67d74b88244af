package malt.model.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.SamplingRequest;
import malt.model.remote.Reply.Trouble.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One address: what is there, what is under way there, and the adapters that were loaded into it.
 */
final class Server implements AutoCloseable {
  private static final int NOT_FOUND = 404;

  /** As vLLM 0.16's CPU build does; its answer does not say so. */
  private static final String OF_SEEDS =
      " (asked with a seed: where its log says 'CPU Generator does not use offset', it died of a seed"
          + " whose prompt it read in chunks; set remote.server.seed: false, or start it with a"
          + " --max-num-batched-tokens that holds the prompts of a whole batch)";

  private final ApiConnection connection;
  private final RequestBody requests;
  private final RemoteSettings settings;
  private final AdapterLoader adapters;
  private @Nullable Found found; // once it was asked

  /**
   * What a server said of itself.
   *
   * @param promptIds what it makes of {@link ServerProbe#PROMPT}; none where it does not tell
   * @param added tokens of every prompt there that are not of it here
   */
  record Found(ServerTraits traits, int[] promptIds, int added) {}

  Server(String url, String key, RequestBody requests, RemoteSettings settings) {
    this.connection = new ApiConnection(url, key, Duration.ofSeconds(settings.timeoutSeconds()));
    this.requests = requests;
    this.settings = settings;
    this.adapters = new AdapterLoader(connection, settings.model());
  }

  String url() {
    return connection.url();
  }

  AdapterLoader adapters() {
    return adapters;
  }

  /** Asks the server what it can do, anew. */
  Found ask(Patience patience) throws RequestFailure, InterruptedException {
    ServerProbe probe = new ServerProbe(connection, patience, requests, settings);
    ServerTraits traits = probe.traits();
    int[] prompt = traits.tokenIds() ? probe.promptIds() : new int[0];
    int added = Math.max(0, probe.promptTokens() - requests.tokens(ServerProbe.PROMPT));
    Found now = new Found(traits, prompt, added);
    found = now;
    return now;
  }

  /** Whether somebody answers there, whatever is said. */
  boolean answers() throws InterruptedException {
    return !(connection.get("/models") instanceof Reply.Trouble);
  }

  /**
   * One try at a completion for each seed; the adapter is loaded where that is for us to do, and
   * once more where the server was started again since.
   */
  Reply sample(SamplingRequest request, List<Long> seeds) throws InterruptedException {
    AdapterRef adapter = request.adapter();
    String given = adapter.isBase() ? settings.model() : settings.adapters().get(adapter.name());
    if (given != null) {
      return post(request, given, seeds);
    }
    Reply model = adapters.model(adapter);
    Reply reply = model instanceof Reply.Answer name ? post(request, name, seeds) : model;
    boolean unknown =
        reply instanceof Reply.Refusal refusal && refusal.failure().status() == NOT_FOUND;
    if (unknown) { // other requests may have found that out, too
      adapters.forget(adapter);
      model = adapters.model(adapter);
      return model instanceof Reply.Answer name ? post(request, name, seeds) : model;
    }
    return reply;
  }

  private Reply post(SamplingRequest request, Reply.Answer model, List<Long> seeds)
      throws InterruptedException {
    return post(request, model.body().asText(), seeds);
  }

  private Reply post(SamplingRequest request, String model, List<Long> seeds)
      throws InterruptedException {
    Found known = found;
    if (known == null) {
      throw new IllegalStateException(url() + " was never asked what it can do");
    }
    ObjectNode body =
        requests.full(request.prompt(), model, request.params(), seeds, known.traits());
    Reply reply = connection.post(requests.path(), body);
    boolean seeded = body.has("seed") || body.has("seeds");
    return seeded && reply instanceof Reply.Trouble trouble && trouble.kind() == Kind.DEAD
        ? new Reply.Trouble(trouble.status(), trouble.what() + OF_SEEDS, Kind.DEAD, trouble.pause())
        : reply;
  }

  @Override
  public void close() {
    adapters.close();
  }
}
