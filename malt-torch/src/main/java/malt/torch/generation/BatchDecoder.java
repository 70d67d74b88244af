package malt.torch.generation;

import java.util.List;
import java.util.stream.IntStream;
import malt.Interruption;
import malt.model.SamplingParams;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.KvCache;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Continues the rows of one batch together until each has ended. */
final class BatchDecoder implements AutoCloseable {
  private static final int ROOM = 128; // tokens by which the cache grows

  private final CausalLm model;
  private final PromptCodec codec;
  private final double compactBelow;
  private final LoraAdapter adapter;
  private final SamplingParams params;
  private List<Draft> rows; // those in the cache, finished ones too
  private KvCache cache;

  private BatchDecoder(
      CausalLm model,
      PromptCodec codec,
      double compactBelow,
      LoraAdapter adapter,
      SamplingParams params,
      List<Draft> rows,
      KvCache cache) {
    this.model = model;
    this.codec = codec;
    this.compactBelow = compactBelow;
    this.adapter = adapter;
    this.params = params;
    this.rows = rows;
    this.cache = cache;
  }

  /** Fills the batch's drafts, each prompt read once for all of its drafts. */
  static void decode(
      CausalLm model, PromptCodec codec, double compactBelow, Batch batch, LoraAdapter adapter) {
    List<Batch.Part> parts = batch.parts();
    int longest = parts.stream().mapToInt(part -> part.promptIds().length).max().orElseThrow();
    long[] padding = parts.stream().mapToLong(part -> longest - part.promptIds().length).toArray();
    List<Draft> rows = parts.stream().flatMap(part -> part.drafts().stream()).toList();
    boolean forked = rows.size() > parts.size();
    try (GradMode grad = GradMode.off();
        BatchDecoder decoder =
            new BatchDecoder(
                model,
                codec,
                compactBelow,
                adapter,
                batch.kind().params(),
                rows,
                model.cache(padding, longest + (forked ? 0 : ROOM)))) {
      decoder.readPrompts(parts, longest, forked);
      while (decoder.unfinished() > 0) {
        Interruption.check("sampling");
        decoder.makeRoom();
        decoder.step();
      }
    }
  }

  /** The first token of each row. */
  private void readPrompts(List<Batch.Part> parts, int length, boolean forked) {
    try (TensorScope scope = new TensorScope()) {
      Tensor logits = lastLogits(leftPadded(parts, length)); // (P, V)
      if (forked) {
        long[] partOfRow =
            IntStream.range(0, parts.size())
                .flatMap(i -> parts.get(i).drafts().stream().mapToInt(draft -> i))
                .asLongStream()
                .toArray();
        fork(partOfRow);
        logits = logits.index_select(0, Tensors.ofLongs(partOfRow, partOfRow.length));
      }
      extend(logits);
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

  /** One more token for each row. */
  private void step() {
    try (TensorScope scope = new TensorScope()) {
      long[] tokens = rows.stream().mapToLong(Draft::lastId).toArray();
      extend(lastLogits(Tensors.ofLongs(tokens, tokens.length, 1)));
    }
  }

  /** Logits (B, V) that follow tokens (B, T). */
  private Tensor lastLogits(Tensor tokens) {
    return TensorScope.result(
        () -> {
          Tensor hidden = model.forward(tokens, adapter, cache); // (B, T, C)
          return model.logits(hidden.select(1, tokens.size(1) - 1));
        });
  }

  private void extend(Tensor logits) {
    int[] ids =
        TokenSampler.draw(logits, params, rows.stream().mapToDouble(Draft::uniform).toArray());
    float[] logProbs = Tensors.floats(LogProbs.of(logits, Tensors.ofIds(ids)));
    for (int row = 0; row < ids.length; row++) {
      Draft draft = rows.get(row);
      if (!draft.finished()) {
        draft.add(ids[row], logProbs[row], codec.isEnd(ids[row]));
      }
    }
  }

  private long unfinished() {
    return rows.stream().filter(draft -> !draft.finished()).count();
  }

  /** Lets finished rows go where they are many or in the way, and grows a full cache. */
  private void makeRoom() {
    boolean full = cache.length() == cache.capacity();
    boolean outgrown = cache.longest() == model.config().maxPositions(); // by a finished row
    if (full || outgrown || unfinished() < compactBelow * rows.size()) {
      long[] kept =
          IntStream.range(0, rows.size())
              .filter(row -> !rows.get(row).finished())
              .asLongStream()
              .toArray();
      fork(kept);
      rows = rows.stream().filter(draft -> !draft.finished()).toList();
    }
  }

  private void fork(long[] kept) {
    KvCache forked = cache.select(kept, cache.length() + ROOM);
    cache.close();
    cache = forked;
  }

  @Override
  public void close() {
    cache.close();
  }
}
