package malt.model.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import malt.ConfigException;
import malt.Interruption;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.SamplingRequest;
import malt.model.remote.RequestFailure.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model behind OpenAI's HTTP API. Completions carry ids and log-probabilities where the server
 * returns them.
 *
 * <p>A request that the server refuses (a prompt that is too long) or cannot answer until patience
 * runs out gives {@link FinishReason#FAILED} completions. A wrong key, an unknown model, a server
 * that is gone, and trouble with every request of a call are {@link ModelException}s: what was not
 * sampled can be sampled later.
 *
 * <p>With one sample a request, or where the server takes a seed per sample, a completion follows
 * its own seed; with several it follows the first seed of its request and its place in it.
 */
public final class RemoteLanguageModel implements LanguageModel {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteLanguageModel.class);

  private final RemoteSettings settings;
  private final ApiConnection connection;
  private final RequestBody requests;
  private final ServerTraits traits;
  private final int[] probedPrompt;
  private final ExecutorService workers;

  private RemoteLanguageModel(
      RemoteSettings settings,
      ApiConnection connection,
      RequestBody requests,
      ServerTraits traits,
      int[] probedPrompt) {
    this.settings = settings;
    this.connection = connection;
    this.requests = requests;
    this.traits = traits;
    this.probedPrompt = probedPrompt;
    workers =
        Executors.newFixedThreadPool(
            settings.requestsInFlight(),
            task -> {
              Thread thread = new Thread(task, "remote-model");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Finds out what the server can do.
   *
   * @param encoder prompts to token ids; null if there is no tokenizer here
   * @param environment looks up the API key
   * @throws ConfigException if key or encoder are missing
   * @throws ModelException if the server cannot be used
   */
  public static RemoteLanguageModel open(
      RemoteSettings settings,
      @Nullable Function<Prompt, int[]> encoder,
      Function<String, @Nullable String> environment) {
    if (settings.api() == RemoteSettings.Api.COMPLETIONS && encoder == null) {
      throw new ConfigException(
          "remote.server.api: completions needs the model's tokenizer here: set model.path");
    }
    ApiConnection connection =
        new ApiConnection(
            settings.url(),
            key(settings, environment),
            Duration.ofSeconds(settings.timeoutSeconds()),
            Duration.ofSeconds(settings.patienceSeconds()));
    RequestBody requests = new RequestBody(settings, encoder);
    ServerProbe probe = new ServerProbe(connection, requests, settings);
    try {
      ServerTraits traits = probe.traits();
      int[] prompt = traits.tokenIds() ? probe.promptIds() : new int[0];
      return new RemoteLanguageModel(settings, connection, requests, traits, prompt);
    } catch (RequestFailure e) {
      throw new ModelException(e.what(), e.scope() != Scope.SERVER, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("asking %s was interrupted".formatted(settings.url()), true, e);
    }
  }

  private static String key(
      RemoteSettings settings, Function<String, @Nullable String> environment) {
    if (settings.keyVariable().isEmpty()) {
      return "";
    }
    String key = environment.apply(settings.keyVariable());
    if (key == null || key.isBlank()) {
      throw new ConfigException(
          "the environment variable %s, named by remote.server.key_variable, holds no API key"
              .formatted(settings.keyVariable()));
    }
    return key.strip();
  }

  /** What was found out about the server. */
  public ServerTraits traits() {
    return traits;
  }

  /**
   * Refuses a server whose tokenizer or chat template are not those of {@code encoder}, as far as
   * the ids it makes of one prompt can show.
   *
   * @throws ConfigException if they differ
   */
  public void requireSameEncoding(Function<Prompt, int[]> encoder) {
    int[] ours = encoder.apply(ServerProbe.PROMPT);
    if (probedPrompt.length > 0 && !Arrays.equals(ours, probedPrompt)) {
      throw new ConfigException(
          "%s encodes a prompt otherwise than model.path does (%d tokens there, %d here): serve the same base with the same chat template"
              .formatted(settings.url(), probedPrompt.length, ours.length));
    }
  }

  /** What one request asks for: some of a sampling request's seeds. */
  private record Part(SamplingRequest request, String model, List<Long> seeds) {}

  /**
   * What came of it.
   *
   * @param trouble whether the server, rather than the request, was to blame for {@code failure}
   */
  private record Outcome(List<Completion> completions, @Nullable String failure, boolean trouble) {}

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> wanted) {
    List<List<Future<Outcome>>> running = new ArrayList<>();
    try {
      for (SamplingRequest request : wanted) {
        String model = model(request.adapter());
        List<Future<Outcome>> parts = new ArrayList<>();
        for (List<Long> seeds : shares(request.seeds())) {
          Callable<Outcome> task = () -> outcome(new Part(request, model, seeds));
          parts.add(workers.submit(task));
        }
        running.add(parts);
      }
      return collected(running);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("sampling was interrupted", true, e);
    } finally {
      running.forEach(parts -> parts.forEach(part -> part.cancel(true)));
    }
  }

  private String model(AdapterRef adapter) {
    String name = adapter.isBase() ? settings.model() : settings.adapters().get(adapter.name());
    if (name == null) {
      throw new ConfigException(
          "remote.server.adapters does not say what %s calls the adapter %s"
              .formatted(settings.url(), adapter.name()));
    }
    return name;
  }

  private List<List<Long>> shares(List<Long> seeds) {
    int most = traits.manySamples() ? settings.samplesPerRequest() : 1;
    List<List<Long>> shares = new ArrayList<>();
    for (int from = 0; from < seeds.size(); from += most) {
      shares.add(seeds.subList(from, Math.min(seeds.size(), from + most)));
    }
    return shares;
  }

  private Outcome outcome(Part part) throws InterruptedException {
    List<Completion> completions = new ArrayList<>();
    SamplingRequest request = part.request();
    try {
      while (completions.size() < part.seeds().size()) { // a server may cap n
        List<Long> left = part.seeds().subList(completions.size(), part.seeds().size());
        completions.addAll(
            ResponseBody.completions(
                connection.post(
                    requests.path(),
                    requests.full(request.prompt(), part.model(), request.params(), left, traits)),
                request.adapter(),
                left));
      }
      return new Outcome(completions, null, false);
    } catch (RequestFailure e) {
      if (e.scope() == Scope.SERVER) {
        throw new ModelException(e.what(), e.status() == 0, e);
      }
      return failed(part, completions, e.what(), e.scope() == Scope.TROUBLE);
    } catch (IllegalArgumentException e) {
      return failed(part, completions, settings.url() + ": " + e.getMessage(), true);
    }
  }

  private static Outcome failed(Part part, List<Completion> begun, String why, boolean trouble) {
    List<Completion> completions = new ArrayList<>(begun);
    for (long seed : part.seeds().subList(begun.size(), part.seeds().size())) {
      completions.add(
          new Completion(
              "",
              new int[0],
              new int[0],
              new float[0],
              FinishReason.FAILED,
              part.request().adapter(),
              seed));
    }
    return new Outcome(completions, why, trouble);
  }

  private List<List<Completion>> collected(List<List<Future<Outcome>>> running)
      throws InterruptedException {
    List<List<Completion>> completions = new ArrayList<>();
    int failures = 0;
    boolean onlyTrouble = true;
    String last = null;
    for (List<Future<Outcome>> parts : running) {
      List<Completion> together = new ArrayList<>();
      for (Future<Outcome> part : parts) {
        Outcome outcome = result(part);
        together.addAll(outcome.completions());
        onlyTrouble &= outcome.trouble();
        if (outcome.failure() != null) {
          last = outcome.failure();
          failures++;
        }
      }
      completions.add(together);
    }
    if (last != null && onlyTrouble) {
      throw new ModelException("no request was answered; the last: " + last, true);
    }
    if (last != null) {
      LOG.warn("{} requests failed for good and are counted as such; the last: {}", failures, last);
    }
    return completions;
  }

  private static Outcome result(Future<Outcome> part) throws InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new ModelException("sampling failed: " + e.getCause(), false, e);
    }
  }

  @Override
  public void close() {
    Interruption.finish(workers);
  }
}
