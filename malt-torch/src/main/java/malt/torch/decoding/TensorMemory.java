package malt.torch.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values as tensors where the model computes, (G, slots, D) of each layer, a page after
 * the other. All tokens of a forward look at all slots, and a mask hides what is not on a token's
 * path: so every key is read once, however many texts share it, and a layer takes as few operations
 * for many texts as for one. What is multiplied in vain is what an accelerator has most of.
 */
final class TensorMemory implements KeyValueStore.Memory {
  /** Positions of a page. */
  static final int PAGE = 16;

  private static final int FIRST = 64; // pages

  private final CausalLm model;
  private final ModelConfig config;
  private final Tensors tensors;
  private final List<Tensor> keys = new ArrayList<>(); // of each layer, once there is a page
  private final List<Tensor> values = new ArrayList<>();
  private int pages;
  private int room; // pages

  TensorMemory(CausalLm model) {
    this.model = model;
    config = model.config();
    tensors = model.tensors();
  }

  @Override
  public void add() {
    if (pages == room) {
      room = Math.max(FIRST, 2 * room);
      try (TensorScope scope = new TensorScope()) {
        for (int layer = 0; layer < config.layers(); layer++) {
          grow(keys, layer);
          grow(values, layer);
        }
      }
    }
    pages++;
  }

  /** Zeros, since what a mask hides must be a number all the same. */
  private void grow(List<Tensor> of, int layer) {
    Tensor larger =
        Tensors.kept(
            () ->
                tensors.filled(
                    0,
                    model.computing(),
                    config.keyValueHeads(),
                    (long) room * PAGE,
                    config.headSize()));
    if (layer == of.size()) {
      of.add(larger);
      return;
    }
    try (Tensor smaller = of.set(layer, larger)) {
      larger.narrow(1, 0, smaller.size(1)).copy_(smaller);
    }
  }

  @Override
  public long pageBytes() {
    return keys.isEmpty() ? 0 : 2L * config.layers() * keys.get(0).nbytes() / room;
  }

  /** Extends the nodes by what they are fed, and lays out who sees what. */
  Reading begin(List<Feed> feeds) {
    int tokens = feeds.stream().mapToInt(feed -> feed.tokens().length).sum();
    int[] positions = new int[tokens];
    int[] slots = new int[tokens]; // of the tokens' own keys and values
    int[] owners = new int[tokens]; // the feed of each
    int token = 0;
    for (int number = 0; number < feeds.size(); number++) {
      Feed feed = feeds.get(number);
      KeyValueNode node = feed.node();
      int position = node.end();
      node.extend(feed.tokens().length);
      for (int i = 0; i < feed.tokens().length; i++) {
        positions[token] = position + i;
        slots[token] = node.page(position + i) * PAGE + node.column(position + i);
        owners[token++] = number;
      }
    }
    return new Reading(positions, slots, owners, places(feeds));
  }

  /**
   * The position of each slot in each feed's text, (F, slots); beyond all where it is of another.
   */
  private int[] places(List<Feed> feeds) {
    int[] places = new int[feeds.size() * pages * PAGE];
    Arrays.fill(places, Integer.MAX_VALUE);
    for (int number = 0; number < feeds.size(); number++) {
      for (KeyValueNode node = feeds.get(number).node(); node != null; node = node.parent()) {
        for (int page = 0; page < node.pageCount(); page++) {
          int first = (number * pages + node.pageAt(page)) * PAGE;
          for (int column = node.from(page); column < node.to(page); column++) {
            places[first + column] = node.origin(page) + column;
          }
        }
      }
    }
    return places;
  }

  /** One forward's tokens; belongs to the scope in which it was begun. */
  final class Reading implements CausalLm.Memory {
    private final int[] positions;
    private final Tensor slots; // int64 (N)
    private final Tensor seen; // position of each slot in the token's text, int32 (N, slots)
    private final Tensor own; // of each token, int32 (N, 1)
    private final Map<Integer, Tensor> masks = new HashMap<>(); // by window

    private Reading(int[] positions, int[] slots, int[] owners, int[] places) {
      this.positions = positions;
      this.slots = tensors.ofIds(slots);
      Tensor byFeed = tensors.ofInts(places, -1, (long) pages * PAGE);
      seen = byFeed.index_select(0, tensors.ofIds(owners));
      own = tensors.ofInts(positions, positions.length, 1);
      for (int layer = 0; layer < config.layers(); layer++) {
        masks.computeIfAbsent(config.sight(layer).window(), this::mask);
      }
    }

    /** The position of each token in its text, (N). */
    int[] positions() {
      return positions;
    }

    /** One more than the largest position. */
    int end() {
      return Arrays.stream(positions).max().orElse(-1) + 1;
    }

    /** What is added to scores: minus infinity where a token must not look, (R N, slots). */
    private Tensor mask(int window) {
      Tensor hidden = seen.gt(own);
      if (window > 0) {
        hidden = hidden.logical_or(seen.le(own.sub(Tensors.scalar(window))));
      }
      Tensor mask = tensors.filled(0, model.computing(), Tensors.shape(hidden));
      mask.masked_fill_(hidden, Tensors.scalar(Double.NEGATIVE_INFINITY));
      return mask.repeat(config.heads() / config.keyValueHeads(), 1);
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
      long count = q.size(2);
      long depth = q.size(3);
      Tensor grouped = q.reshape(1, k.size(1), -1, depth); // heads of a group below each other
      Tensor mask = Objects.requireNonNull(masks.get(config.sight(layer).window()));
      Tensor attended =
          torch.scaled_dot_product_attention(
              grouped,
              all(keys.get(layer), k).unsqueeze(0),
              all(values.get(layer), v).unsqueeze(0),
              new TensorOptional(mask),
              0.0,
              false,
              new DoubleOptional(config.scoreScale()),
              false);
      return attended.reshape(1, q.size(1), count, depth);
    }

    /**
     * Every slot of a layer, (G, slots, D), after the new tokens' own (1, G, N, D) were put there.
     */
    private Tensor all(Tensor memory, Tensor more) {
      memory.index_copy_(1, slots, more.select(0, 0));
      return memory.narrow(1, 0, (long) pages * PAGE);
    }
  }

  @Override
  public void close() {
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
    keys.clear();
    values.clear();
    pages = 0;
    room = 0;
  }
}
