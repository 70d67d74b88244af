package malt.torch.generation;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import malt.Interruption;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.SamplingListener;
import malt.model.SamplingRequest;
import malt.torch.tensor.LibTorch;

/**
 * A model of ours as a language model. A completion depends on its prompt, adapter, parameters and
 * seed; batches and threads only decide how fast it comes. A prompt that leaves no room for a token
 * gives FAILED completions without ids.
 */
public final class TorchLanguageModel implements LanguageModel {
  private final PromptCodec codec;
  private final AdapterStore adapters;
  private final GenerationSettings settings;
  private final ExecutorService workers;

  /**
   * @param adapters a base and what is trained on it; closed with this
   */
  public TorchLanguageModel(PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    this.codec = codec;
    this.adapters = adapters;
    this.settings = settings;
    AtomicInteger count = new AtomicInteger();
    workers =
        Executors.newFixedThreadPool(
            settings.threads(),
            task -> {
              Thread thread = new Thread(task, "sampler-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests) {
    return sample(requests, SamplingListener.NONE);
  }

  @Override
  public List<List<Completion>> sample(List<SamplingRequest> requests, SamplingListener listener) {
    List<List<Draft>> drafts = new ArrayList<>(); // of each request
    Map<AdapterRef, Map<IntBuffer, Batch.Part>> kinds = new LinkedHashMap<>(); // by prompt
    for (SamplingRequest request : requests) {
      Batch.Part part = part(request);
      drafts.add(part.drafts());
      if (!part.drafts().stream().allMatch(Draft::finished)) {
        kinds
            .computeIfAbsent(request.adapter(), adapter -> new LinkedHashMap<>())
            .merge(IntBuffer.wrap(part.promptIds()), part, Batch.Part::with);
      }
    }
    kinds.forEach(
        (adapter, parts) ->
            decode(
                adapter,
                Batch.divide(List.copyOf(parts.values()), settings.threads(), settings.batchRows()),
                listener));
    List<List<Completion>> completions = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      SamplingRequest request = requests.get(i);
      completions.add(
          drafts.get(i).stream().map(draft -> draft.completion(request.adapter(), codec)).toList());
    }
    return completions;
  }

  private Batch.Part part(SamplingRequest request) {
    int[] promptIds = codec.encode(request.prompt());
    if (promptIds.length == 0) {
      throw new ModelException("a prompt encodes to no token: its chat template is empty", false);
    }
    int room = adapters.model().config().maxPositions() - promptIds.length;
    int limit = Math.min(request.params().maxTokens(), room);
    StopTexts stops = new StopTexts(codec.stop());
    return new Batch.Part(
        promptIds,
        request.seeds().stream()
            .map(seed -> new Draft(promptIds, seed, request.params(), limit, stops))
            .toList());
  }

  private void decode(AdapterRef adapter, List<Batch> batches, SamplingListener listener) {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (Batch batch : batches) {
      tasks.add(
          () -> {
            LibTorch.setThreads(1); // the decoder's team divides each product itself
            RowBatch rows = new RowBatch(adapters.decoder(adapter), codec, listener);
            BatchDecoder.decode(rows, batch, settings.batchRows());
            return true;
          });
    }
    try {
      for (Future<Boolean> done : workers.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("sampling was interrupted", true, e);
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
    adapters.close();
  }
}
