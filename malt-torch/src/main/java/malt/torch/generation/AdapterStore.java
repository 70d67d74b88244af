package malt.torch.generation;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import malt.model.AdapterRef;
import malt.torch.adapter.LoraAdapter;

/** Adapters in memory: each directory is read once, on first use, and kept until closed. */
public final class AdapterStore implements AutoCloseable {
  private final Function<Path, LoraAdapter> reader;
  private final Map<Path, LoraAdapter> adapters = new LinkedHashMap<>();

  /**
   * @param reader reads an adapter directory; the store owns what it returns
   */
  public AdapterStore(Function<Path, LoraAdapter> reader) {
    this.reader = reader;
  }

  /** The adapter named; {@link LoraAdapter#NONE} for the base. */
  public synchronized LoraAdapter get(AdapterRef ref) {
    Path directory = ref.directory();
    return directory == null
        ? LoraAdapter.NONE
        : adapters.computeIfAbsent(directory.toAbsolutePath().normalize(), reader);
  }

  @Override
  public synchronized void close() {
    adapters.values().forEach(LoraAdapter::close);
    adapters.clear();
  }
}
