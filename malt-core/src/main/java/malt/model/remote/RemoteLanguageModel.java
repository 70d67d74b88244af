package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import malt.ConfigException;
import malt.Interruption;
import malt.ModelException;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.Remark;
import malt.model.SamplingListener;
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
 * that is gone, trouble with every request of a call, and a call that brings nothing else ({@link
 * ModelException#refused()}) are {@link ModelException}s: what was not sampled can be sampled
 * later.
 *
 * <p>Trained adapters that the server was not started with are loaded into it when they are first
 * sampled, and unloaded when this is closed.
 *
 * <p>With one sample a request, or where the server takes a seed per sample, a completion follows
 * its own seed; with several it follows the first seed of its request and its place in it.
 */
public final class RemoteLanguageModel implements LanguageModel {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteLanguageModel.class);

  private final RemoteSettings settings;
  private final RequestBody requests;
  private final ServerPool servers;
  private final Patience patience;
  private final ExecutorService workers;
  private final AtomicBoolean told = new AtomicBoolean();

  private RemoteLanguageModel(
      RemoteSettings settings, RequestBody requests, ServerPool servers, Patience patience) {
    this.settings = settings;
    this.requests = requests;
    this.servers = servers;
    this.patience = patience;
    workers =
        Executors.newFixedThreadPool(
            settings.requestsInFlight() * settings.urls().size(),
            task -> {
              Thread thread = new Thread(task, "remote-model");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Finds out what the server can do; there is no tokenizer here, and the API key is in the
   * environment.
   */
  public static RemoteLanguageModel open(RemoteSettings settings) {
    return open(settings, null, System::getenv);
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
    String key = key(settings, environment);
    RequestBody requests = new RequestBody(settings, encoder);
    Patience patience = new Patience(Duration.ofSeconds(settings.patienceSeconds()));
    List<Server> all =
        settings.urls().stream().map(url -> new Server(url, key, requests, settings)).toList();
    try {
      return new RemoteLanguageModel(settings, requests, ServerPool.open(all, patience), patience);
    } catch (RequestFailure e) {
      throw new ModelException(e.what(), e.scope() != Scope.SERVER || e.status() == 0, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("asking %s was interrupted".formatted(settings.place()), true, e);
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

  /** What was found out about the server; of several, about the first that answered. */
  public ServerTraits traits() {
    return servers.reference().traits();
  }

  /**
   * Refuses servers that take no adapters while they run.
   *
   * @param adapter one that will be sampled there
   * @throws ModelException saying what to start them with
   */
  public void requireLoading(String adapter) {
    try {
      for (Server server : servers.all()) {
        if (server.answers() && !server.adapters().works(patience)) {
          throw new ModelException(AdapterLoader.wanted(server.url(), adapter), false);
        }
      }
    } catch (RequestFailure e) {
      throw new ModelException(e.what(), e.scope() != Scope.SERVER || e.status() == 0, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("asking %s was interrupted".formatted(settings.place()), true, e);
    }
  }

  /**
   * Refuses a server whose tokenizer or chat template are not those of {@code encoder}, as far as
   * the ids it makes of one prompt can show.
   *
   * @throws ConfigException if they differ
   */
  public void requireSameEncoding(Function<Prompt, int[]> encoder) {
    int[] ours = encoder.apply(ServerProbe.PROMPT);
    int[] theirs = servers.reference().promptIds();
    if (theirs.length > 0 && !Arrays.equals(ours, theirs)) {
      throw new ConfigException(
          "%s encodes a prompt otherwise than model.path does (%d tokens there, %d here): serve the same base with the same chat template"
              .formatted(settings.place(), theirs.length, ours.length));
    }
  }

  /** What one request asks for: some of a sampling request's seeds. */
  private record Part(SamplingRequest request, List<Long> seeds) {}

  /**
   * What came of it.
   *
   * @param failure why some completions failed; null if none did
   * @param trouble whether the server, rather than the request, is to blame for it
   */
  private record Outcome(List<Completion> completions, @Nullable String failure, boolean trouble) {
    long tokens() {
      return completions.stream().mapToLong(one -> one.ids().length).sum();
    }

    boolean nothing() {
      return completions.stream().allMatch(one -> one.finish() == FinishReason.FAILED);
    }
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> wanted) {
    return sample(wanted, SamplingListener.NONE);
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> wanted, SamplingListener listener) {
    List<List<Future<Outcome>>> running = new ArrayList<>();
    try {
      for (SamplingRequest request : wanted) {
        List<Future<Outcome>> parts = new ArrayList<>();
        for (List<Long> seeds : shares(request.seeds())) {
          Callable<Outcome> task =
              () -> {
                Outcome outcome = outcome(new Part(request, seeds));
                listener.sampled(outcome.completions().size(), outcome.tokens());
                return outcome;
              };
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

  private List<List<Long>> shares(List<Long> seeds) {
    int most = servers.samples();
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
        JsonNode answer = patience.answer(() -> servers.sample(request, left));
        List<Completion> given =
            ResponseBody.completions(answer, request.adapter(), left, request.params().maxTokens());
        completions.addAll(isShort(request.prompt(), answer) ? remarked(given) : given);
      }
      return answered(completions);
    } catch (RequestFailure e) {
      if (e.scope() == Scope.SERVER) {
        throw new ModelException(e.what(), e.status() == 0, e);
      }
      boolean trouble = e.scope() == Scope.TROUBLE;
      return failed(part, completions, trouble ? Remark.GIVEN_UP : Remark.REFUSED, e.what());
    } catch (IllegalArgumentException e) {
      String what = "%s: %s".formatted(settings.place(), e.getMessage());
      return failed(part, completions, Remark.GIVEN_UP, what);
    }
  }

  /** Whether the server counted fewer tokens in a prompt than there are: it cuts prompts off. */
  private boolean isShort(Prompt prompt, JsonNode answer) {
    int counted = ResponseBody.promptTokens(answer);
    return counted > 0
        && requests.encodesHere()
        && counted < requests.tokens(prompt) + servers.reference().added();
  }

  private static List<Completion> remarked(List<Completion> completions) {
    return completions.stream().map(one -> one.remarked(Remark.SHORT_PROMPT)).toList();
  }

  private Outcome answered(List<Completion> completions) {
    String failure =
        completions.stream()
            .filter(one -> one.finish() == FinishReason.FAILED)
            .flatMap(one -> one.remarks().stream())
            .findFirst()
            .map(why -> settings.place() + ": some " + why.sentence())
            .orElse(null);
    return new Outcome(completions, failure, false);
  }

  private static Outcome failed(Part part, List<Completion> begun, Remark why, String what) {
    List<Completion> completions = new ArrayList<>(begun);
    for (long seed : part.seeds().subList(begun.size(), part.seeds().size())) {
      completions.add(Completion.failed(part.request().adapter(), seed, why));
    }
    return new Outcome(completions, what, why == Remark.GIVEN_UP);
  }

  private List<List<Completion>> collected(List<List<Future<Outcome>>> running)
      throws InterruptedException {
    List<List<Completion>> completions = new ArrayList<>();
    List<Outcome> failures = new ArrayList<>();
    boolean nothing = true;
    for (List<Future<Outcome>> parts : running) {
      List<Completion> together = new ArrayList<>();
      for (Future<Outcome> part : parts) {
        Outcome outcome = result(part);
        together.addAll(outcome.completions());
        nothing &= outcome.nothing();
        if (outcome.failure() != null) {
          failures.add(outcome);
        }
      }
      completions.add(together);
    }
    if (!failures.isEmpty()) {
      String last = "the last: " + failures.get(failures.size() - 1).failure();
      if (failures.stream().allMatch(Outcome::trouble) && nothing) {
        throw new ModelException("no request was answered; " + last, true);
      }
      if (nothing) {
        throw ModelException.refused(
            "not one of %d requests brought an answer; %s".formatted(failures.size(), last));
      }
      if (told.compareAndSet(false, true)) {
        LOG.warn("{} requests failed, and more may without a word; {}", failures.size(), last);
      }
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
    boolean interrupted = Thread.interrupted(); // adapters are unloaded all the same
    servers.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
