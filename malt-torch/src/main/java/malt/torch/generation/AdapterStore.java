package malt.torch.generation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import malt.model.AdapterRef;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.Decoder;
import malt.torch.decoding.PackedDecoder;
import malt.torch.decoding.PackedModel;
import malt.torch.decoding.TensorDecoder;
import malt.torch.nn.CausalLm;
import org.jspecify.annotations.Nullable;

/**
 * A base and its adapters in memory, ready to decode: each directory is read once, on first use,
 * and kept until closed.
 */
public final class AdapterStore implements AutoCloseable {
  private final CausalLm model;
  private final PackedModel.@Nullable Packing packing;
  private final Function<Path, LoraAdapter> reader;
  private final Map<Path, LoraAdapter> adapters = new LinkedHashMap<>();
  private final Map<Path, PackedModel> merged = new LinkedHashMap<>();
  private @Nullable PackedModel base;

  /**
   * @param model stays its owner's to close
   * @param packing how the base's weights are held for the processor's decoder, and how many
   *     threads share them; null for the decoder by operations, where the weights lie
   * @param reader reads an adapter directory; the store owns what it returns
   */
  public AdapterStore(
      CausalLm model, PackedModel.@Nullable Packing packing, Function<Path, LoraAdapter> reader) {
    this.model = model;
    this.packing = packing;
    this.reader = reader;
  }

  /** The adapter named; {@link LoraAdapter#NONE} for the base. */
  public synchronized LoraAdapter get(AdapterRef ref) {
    Path directory = ref.directory();
    return directory == null
        ? LoraAdapter.NONE
        : adapters.computeIfAbsent(directory.toAbsolutePath().normalize(), reader);
  }

  /** A decoder with the adapter named; the caller closes it. */
  Decoder decoder(AdapterRef ref) {
    LoraAdapter adapter = get(ref);
    return packing == null
        ? new TensorDecoder(model, adapter)
        : new PackedDecoder(packed(ref, adapter, packing), adapter);
  }

  private synchronized PackedModel packed(
      AdapterRef ref, LoraAdapter adapter, PackedModel.Packing packing) {
    Path directory = ref.directory();
    if (directory != null && adapter.isMerged()) {
      return merged.computeIfAbsent(
          directory.toAbsolutePath().normalize(), key -> PackedModel.of(model, adapter, packing));
    }
    PackedModel made = base;
    if (made == null) {
      made = PackedModel.of(model, LoraAdapter.NONE, packing);
      base = made;
    }
    return made;
  }

  /** The base that adapters are of. */
  CausalLm model() {
    return model;
  }

  @Override
  public synchronized void close() {
    List<PackedModel> all = new ArrayList<>(merged.values());
    if (base != null) {
      all.add(base);
    }
    all.forEach(PackedModel::close);
    merged.clear();
    base = null;
    adapters.values().forEach(LoraAdapter::close);
    adapters.clear();
  }
}
