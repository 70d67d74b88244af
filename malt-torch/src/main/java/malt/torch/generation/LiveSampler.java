package malt.torch.generation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.SamplingListener;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;

/**
 * A model of ours for requests that come at any time: each joins the rows of its adapter that are
 * under way, from the next token on. A completion depends on its prompt, adapter, parameters and
 * seed as that of {@link TorchLanguageModel} does; company changes it by rounding only.
 */
public final class LiveSampler implements LanguageModel {
  private final PromptCodec codec;
  private final AdapterStore adapters;
  private final GenerationSettings settings;
  private final Semaphore cores;
  private final Map<AdapterRef, Lane> lanes = new LinkedHashMap<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param adapters a base and what is trained on it; closed with this
   */
  public LiveSampler(PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    this.codec = codec;
    this.adapters = adapters;
    this.settings = settings;
    this.cores = new Semaphore(settings.threads(), true);
  }

  /** Reads an adapter now, so that what is wrong with it is known before the first request. */
  public void load(AdapterRef adapter) {
    LoraAdapter unused = adapters.get(adapter);
  }

  /** The model's context, prompt and answer together. */
  public int maxPositions() {
    return adapters.model().config().maxPositions();
  }

  /** One more than the largest token id. */
  public int vocabularySize() {
    return adapters.model().config().vocabularySize();
  }

  /** Completions under way and waiting. */
  public synchronized int load() {
    return lanes.values().stream().mapToInt(Lane::load).sum();
  }

  /**
   * Samples one completion; FAILED where the prompt leaves no room for a token. Cancelling the
   * future frees its row before the next token.
   */
  public CompletableFuture<Completion> submit(LiveRequest request, LiveListener listener) {
    int room = maxPositions() - request.promptIds().length;
    int limit = Math.min(request.params().maxTokens(), room);
    StopTexts stops = new StopTexts(codec.stop()).and(request.stop());
    Draft draft = new Draft(request.promptIds(), request.seed(), request.params(), limit, stops);
    LiveRow row = new LiveRow(request, draft, stops, listener);
    if (draft.finished()) {
      row.end(codec);
    } else {
      lane(request.adapter()).add(row);
    }
    return row.answer();
  }

  private synchronized Lane lane(AdapterRef adapter) {
    return lanes.computeIfAbsent(
        adapter,
        key -> {
          Lane lane =
              new Lane(
                  codec,
                  () -> new RowBatch(adapters.decoder(key), codec, SamplingListener.NONE),
                  cores,
                  settings);
          Thread thread = new Thread(lane, "lane-" + key.name());
          thread.setDaemon(true);
          thread.start();
          threads.add(thread);
          return lane;
        });
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests) {
    List<List<CompletableFuture<Completion>>> running = new ArrayList<>();
    try {
      for (SamplingRequest request : requests) {
        int[] promptIds = codec.encode(request.prompt());
        running.add(
            request.seeds().stream()
                .map(
                    seed ->
                        submit(
                            new LiveRequest(
                                promptIds, request.adapter(), request.params(), seed, List.of()),
                            LiveListener.NONE))
                .toList());
      }
      List<List<Completion>> answers = new ArrayList<>();
      for (List<CompletableFuture<Completion>> siblings : running) {
        List<Completion> together = new ArrayList<>();
        for (CompletableFuture<Completion> one : siblings) {
          together.add(one.get());
        }
        answers.add(together);
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("sampling was interrupted", true, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new ModelException("sampling failed: " + e.getCause(), false, e);
    } finally {
      running.forEach(siblings -> siblings.forEach(one -> one.cancel(true)));
    }
  }

  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      lanes.values().forEach(Lane::close);
      ending = List.copyOf(threads);
    }
    boolean interrupted = false;
    for (Thread thread : ending) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    adapters.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
