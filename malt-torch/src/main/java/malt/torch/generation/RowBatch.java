package malt.torch.generation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import malt.model.SamplingParams;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.KvCache;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one adapter that grow together, a token a step. Others may join between two steps; those
 * that are finished leave where they are many or in the way. Belongs to one thread.
 */
final class RowBatch implements AutoCloseable {
  private static final int ROOM = 128; // tokens by which the cache grows

  private final CausalLm model;
  private final PromptCodec codec;
  private final double compactBelow;
  private final LoraAdapter adapter;
  private List<Draft> rows = List.of(); // those in the cache, finished ones too
  private @Nullable KvCache cache;

  RowBatch(CausalLm model, PromptCodec codec, double compactBelow, LoraAdapter adapter) {
    this.model = model;
    this.codec = codec;
    this.compactBelow = compactBelow;
    this.adapter = adapter;
  }

  /** Reads each prompt once for all of its drafts, and draws their first token. */
  void join(List<Batch.Part> parts) {
    List<Draft> newcomers = parts.stream().flatMap(part -> part.drafts().stream()).toList();
    KvCache read = read(parts, newcomers);
    KvCache old = cache;
    long[] staying = unfinishedRows();
    cache = null;
    if (old == null) {
      cache = read;
    } else if (staying.length == 0) {
      old.close();
      cache = read;
    } else {
      long[] joining = IntStream.range(0, newcomers.size()).asLongStream().toArray();
      try (read;
          old) {
        cache =
            KvCache.join(
                List.of(new KvCache.Rows(old, staying), new KvCache.Rows(read, joining)), ROOM);
      }
    }
    List<Draft> all = new ArrayList<>(unfinishedDrafts());
    all.addAll(newcomers);
    rows = all;
  }

  private KvCache read(List<Batch.Part> parts, List<Draft> newcomers) {
    int longest = parts.stream().mapToInt(part -> part.promptIds().length).max().orElseThrow();
    long[] padding = parts.stream().mapToLong(part -> longest - part.promptIds().length).toArray();
    boolean forked = newcomers.size() > parts.size();
    KvCache prompts = model.cache(padding, longest + (forked ? 0 : ROOM));
    try (TensorScope scope = new TensorScope()) {
      Tensor logits = lastLogits(leftPadded(parts, longest), prompts); // (P, V)
      if (forked) {
        long[] partOfRow =
            IntStream.range(0, parts.size())
                .flatMap(i -> parts.get(i).drafts().stream().mapToInt(draft -> i))
                .asLongStream()
                .toArray();
        prompts = forked(prompts, partOfRow);
        logits = logits.index_select(0, Tensors.ofLongs(partOfRow, partOfRow.length));
      }
      extend(newcomers, logits);
      return prompts;
    } catch (RuntimeException e) {
      prompts.close();
      throw e;
    }
  }

  private Tensor leftPadded(List<Batch.Part> parts, int length) {
    long[] tokens = new long[parts.size() * length];
    for (int row = 0; row < parts.size(); row++) {
      int[] ids = parts.get(row).promptIds();
      int padding = length - ids.length;
      for (int t = 0; t < length; t++) {
        tokens[row * length + t] = t < padding ? codec.padId() : ids[t - padding];
      }
    }
    return Tensors.ofLongs(tokens, parts.size(), length);
  }

  /** One more token for each row; only while some are unfinished. */
  void step() {
    KvCache roomy = makeRoom();
    try (TensorScope scope = new TensorScope()) {
      long[] tokens = rows.stream().mapToLong(Draft::lastId).toArray();
      extend(rows, lastLogits(Tensors.ofLongs(tokens, tokens.length, 1), roomy));
    }
  }

  /** Logits (B, V) that follow tokens (B, T). */
  private Tensor lastLogits(Tensor tokens, KvCache seen) {
    return TensorScope.result(
        () -> {
          Tensor hidden = model.forward(tokens, adapter, seen); // (B, T, C)
          return model.logits(hidden.select(1, tokens.size(1) - 1));
        });
  }

  private void extend(List<Draft> drafts, Tensor logits) {
    int[] ids = draw(drafts, logits);
    float[] logProbs = Tensors.floats(LogProbs.of(logits, Tensors.ofIds(ids)));
    for (int row = 0; row < ids.length; row++) {
      Draft draft = drafts.get(row);
      if (!draft.finished()) {
        draft.add(ids[row], logProbs[row], codec);
      }
    }
  }

  /** Rows that are drawn in one way are drawn together. */
  private static int[] draw(List<Draft> drafts, Tensor logits) {
    Map<SamplingParams, List<Integer>> ways = new LinkedHashMap<>();
    for (int row = 0; row < drafts.size(); row++) {
      ways.computeIfAbsent(drafts.get(row).params(), way -> new ArrayList<>()).add(row);
    }
    int[] ids = new int[drafts.size()];
    ways.forEach(
        (params, members) -> {
          long[] index = members.stream().mapToLong(Integer::longValue).toArray();
          double[] uniforms =
              members.stream().mapToDouble(row -> drafts.get(row).uniform()).toArray();
          Tensor own =
              ways.size() == 1
                  ? logits
                  : logits.index_select(0, Tensors.ofLongs(index, index.length));
          int[] drawn = TokenSampler.draw(own, params, uniforms);
          for (int i = 0; i < drawn.length; i++) {
            ids[members.get(i)] = drawn[i];
          }
        });
    return ids;
  }

  int unfinished() {
    return unfinishedDrafts().size();
  }

  private List<Draft> unfinishedDrafts() {
    return rows.stream().filter(draft -> !draft.finished()).toList();
  }

  private long[] unfinishedRows() {
    return IntStream.range(0, rows.size())
        .filter(row -> !rows.get(row).finished())
        .asLongStream()
        .toArray();
  }

  /** Lets finished rows go where they are many or in the way, and grows a full cache. */
  private KvCache makeRoom() {
    KvCache now = cache;
    if (now == null) {
      throw new IllegalStateException("there are no rows");
    }
    boolean full = now.length() == now.capacity();
    boolean outgrown = now.longest() == model.config().maxPositions(); // by a finished row
    if (full || outgrown || unfinished() < compactBelow * rows.size()) {
      now = forked(now, unfinishedRows());
      cache = now;
      rows = unfinishedDrafts();
    }
    return now;
  }

  private static KvCache forked(KvCache from, long[] kept) {
    try (from) {
      return from.select(kept, from.length() + ROOM);
    }
  }

  @Override
  public void close() {
    if (cache != null) {
      cache.close();
      cache = null;
    }
    rows = List.of();
  }
}
