package malt.torch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens seen so far, for a batch of left-padded sequences: all rows have
 * the same length, row b begins with {@code padding[b]} tokens that nothing looks at.
 */
public final class KvCache implements AutoCloseable {
  private final List<Tensor> keys; // per layer (B, Hkv, capacity, D)
  private final List<Tensor> values;
  private final long[] padding; // (B)
  private final @Nullable Tensor paddingColumn; // (B, 1); null if nothing is padded
  private final @Nullable Tensor paddingMask; // (B, 1, 1, capacity), 0 or -inf; null likewise
  private int length;

  private KvCache(List<Tensor> keys, List<Tensor> values, long[] padding, int length) {
    this.keys = keys;
    this.values = values;
    this.padding = padding;
    this.length = length;
    boolean padded = false;
    for (long pad : padding) {
      padded |= pad > 0;
    }
    paddingColumn = padded ? Tensors.kept(() -> Tensors.ofLongs(padding, padding.length, 1)) : null;
    paddingMask = padded ? Tensors.kept(this::paddingMask) : null;
  }

  /**
   * An empty cache.
   *
   * @param padding tokens of left padding per row, (B)
   * @param capacity most tokens a row may hold, padding included
   */
  public static KvCache empty(ModelConfig config, long[] padding, int capacity, Tensor like) {
    List<Tensor> keys = new ArrayList<>();
    List<Tensor> values = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(buffer(config, padding.length, capacity, like));
      values.add(buffer(config, padding.length, capacity, like));
    }
    return new KvCache(keys, values, padding.clone(), 0);
  }

  private static Tensor buffer(ModelConfig config, long rows, long capacity, Tensor like) {
    return Tensors.kept(
        () ->
            torch.empty(
                new long[] {rows, config.keyValueHeads(), capacity, config.headSize()},
                like.options(),
                new org.bytedeco.pytorch.MemoryFormatOptional()));
  }

  /** Tokens per row so far, padding included. */
  public int length() {
    return length;
  }

  /** Most tokens a row may hold, padding included. */
  public int capacity() {
    return Math.toIntExact(keys.get(0).size(2));
  }

  /** Tokens of the longest row so far, without padding. */
  public int longest() {
    return length - (int) Arrays.stream(padding).min().orElse(0);
  }

  /** A new cache whose row i is a copy of row {@code rows[i]}, with room for {@code capacity}. */
  public KvCache select(long[] rows, int capacity) {
    long[] selectedPadding = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selectedPadding[i] = padding[(int) rows[i]];
    }
    List<Tensor> selectedKeys = new ArrayList<>();
    List<Tensor> selectedValues = new ArrayList<>();
    for (int layer = 0; layer < keys.size(); layer++) {
      selectedKeys.add(select(keys.get(layer), rows, capacity));
      selectedValues.add(select(values.get(layer), rows, capacity));
    }
    return new KvCache(selectedKeys, selectedValues, selectedPadding, length);
  }

  /** Some rows of a cache. */
  public record Rows(KvCache cache, long[] rows) {
    /** Tokens of padding that all of them have. */
    private int commonPadding() {
      return (int) Arrays.stream(rows).map(row -> cache.padding[(int) row]).min().orElse(0);
    }

    private int columns() {
      return cache.length - commonPadding();
    }
  }

  /**
   * A new cache of these rows, in order, as long as the longest of them and with room for {@code
   * room} more tokens. A row's tokens keep their positions, whatever padding is put before them.
   */
  public static KvCache join(List<Rows> parts, int room) {
    int length = parts.stream().mapToInt(Rows::columns).max().orElseThrow();
    long[] joinedPadding =
        parts.stream()
            .flatMapToLong(
                part ->
                    Arrays.stream(part.rows())
                        .map(row -> length - part.cache.length + part.cache.padding[(int) row]))
            .toArray();
    List<Tensor> joinedKeys = new ArrayList<>();
    List<Tensor> joinedValues = new ArrayList<>();
    for (int i = 0; i < parts.get(0).cache.keys.size(); i++) {
      int layer = i;
      joinedKeys.add(join(parts, cache -> cache.keys.get(layer), length, room));
      joinedValues.add(join(parts, cache -> cache.values.get(layer), length, room));
    }
    return new KvCache(joinedKeys, joinedValues, joinedPadding, length);
  }

  private static Tensor join(
      List<Rows> parts, Function<KvCache, Tensor> buffer, int length, int room) {
    return Tensors.kept(
        () -> {
          Tensor like = buffer.apply(parts.get(0).cache);
          long count = parts.stream().mapToLong(part -> part.rows().length).sum();
          Tensor joined = // zeros, since what is masked must still be finite
              torch.zeros(
                  new long[] {count, like.size(1), length + room, like.size(3)}, like.options());
          long row = 0;
          for (Rows part : parts) {
            int columns = part.columns();
            Tensor index = Tensors.ofLongs(part.rows(), part.rows().length);
            joined
                .narrow(0, row, part.rows().length)
                .narrow(2, length - columns, columns)
                .copy_(
                    buffer
                        .apply(part.cache)
                        .narrow(2, part.commonPadding(), columns)
                        .index_select(0, index));
            row += part.rows().length;
          }
          return joined;
        });
  }

  private Tensor select(Tensor buffer, long[] rows, int capacity) {
    return Tensors.kept(
        () -> {
          Tensor index = Tensors.ofLongs(rows, rows.length);
          Tensor copy =
              torch.empty(
                  new long[] {rows.length, buffer.size(1), capacity, buffer.size(3)},
                  new TensorOptions(buffer.options()),
                  new org.bytedeco.pytorch.MemoryFormatOptional());
          copy.narrow(2, 0, length).copy_(buffer.narrow(2, 0, length).index_select(0, index));
          return copy;
        });
  }

  /** Positions of the next {@code tokens} tokens: (T), or (B, T) where rows are padded. */
  Tensor positions(long tokens) {
    Tensor columns = columns(length, tokens);
    return paddingColumn == null ? columns : columns.sub(paddingColumn).clamp_min(Tensors.zero());
  }

  /**
   * Which keys the next {@code tokens} queries may see, (B, 1, T, length + T); null where all rows
   * are whole and one query sees everything. Padding looks at itself, so that no row is empty.
   *
   * @param window most tokens that a query sees, itself included; 0 for all
   */
  @Nullable Tensor mask(long tokens, int window) {
    if (window == 0 && paddingColumn == null && (tokens == 1 || length == 0)) {
      return null;
    }
    if (window == 0 && paddingMask != null && tokens == 1 && length > 0) {
      return paddingMask.narrow(3, 0, length + 1L);
    }
    Tensor causal = causal(length, tokens, window); // (T, length + T)
    if (paddingColumn == null) {
      return causal;
    }
    Tensor queries = columns(length, tokens).unsqueeze(1); // (T, 1)
    Tensor past = columns(0, length + tokens).unsqueeze(0); // (1, length + T)
    Tensor real = past.ge(paddingColumn).unsqueeze(1); // (B, 1, length + T)
    return causal.logical_and(real).logical_or(past.eq(queries)).unsqueeze(1);
  }

  /** Which of {@code length + tokens} keys the last {@code tokens} queries may see, by order. */
  static Tensor causal(long length, long tokens, int window) {
    Tensor queries = columns(length, tokens).unsqueeze(1); // (T, 1)
    Tensor past = columns(0, length + tokens).unsqueeze(0); // (1, length + T)
    Tensor causal = past.le(queries);
    return window == 0 ? causal : causal.logical_and(queries.sub(past).lt(Tensors.scalar(window)));
  }

  /** Added to the scores of a lone query, which sees all keys of its row but the padding. */
  private Tensor paddingMask() {
    Tensor padded =
        columns(0, capacity())
            .unsqueeze(0)
            .lt(Tensors.ofLongs(padding, padding.length, 1)); // (B, capacity)
    return torch
        .zeros(new long[] {padding.length, capacity()}, keys.get(0).options())
        .masked_fill_(padded, Tensors.scalar(Double.NEGATIVE_INFINITY))
        .unsqueeze(1)
        .unsqueeze(1);
  }

  /** Whether the plain causal mask over equally long rows is meant. */
  boolean plainCausal() {
    return paddingColumn == null && length == 0;
  }

  private static Tensor columns(long from, long count) {
    long[] columns = new long[(int) count];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = from + i;
    }
    return Tensors.ofLongs(columns, count);
  }

  /** Stores new keys and values (B, Hkv, T, D) of a layer, and returns all of that layer. */
  KeysValues append(int layer, Tensor newKeys, Tensor newValues) {
    long tokens = newKeys.size(2);
    keys.get(layer).narrow(2, length, tokens).copy_(newKeys);
    values.get(layer).narrow(2, length, tokens).copy_(newValues);
    return new KeysValues(
        keys.get(layer).narrow(2, 0, length + tokens),
        values.get(layer).narrow(2, 0, length + tokens));
  }

  record KeysValues(Tensor keys, Tensor values) {}

  /** Called once per forward, after all layers have appended. */
  void advance(long tokens) {
    length += (int) tokens;
  }

  @Override
  public void close() {
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
    if (paddingColumn != null) {
      paddingColumn.close();
    }
    if (paddingMask != null) {
      paddingMask.close();
    }
  }
}
