package malt.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import malt.MaltException;
import malt.model.FinishReason;

/** A store that forgets with its process. */
final class HeldInMemory implements CompletionStore {
  private record Key(String scope, Lineage lineage, String problemId) {}

  private final Map<Key, TreeMap<String, Entry>> held = new HashMap<>();

  @Override
  public void append(String scope, Lineage lineage, List<Entry> entries) {
    for (Entry entry : entries) {
      if (places(scope, lineage, entry.problemId()).containsKey(place(entry))) {
        throw new MaltException("%s is held already".formatted(entry));
      }
    }
    entries.forEach(entry -> places(scope, lineage, entry.problemId()).put(place(entry), entry));
  }

  private TreeMap<String, Entry> places(String scope, Lineage lineage, String problemId) {
    return held.computeIfAbsent(new Key(scope, lineage, problemId), key -> new TreeMap<>());
  }

  private static String place(Entry entry) {
    StringBuilder place = new StringBuilder();
    entry.path().forEach(index -> place.append("%06d.".formatted(index)));
    return place.toString();
  }

  @Override
  public List<Entry> read(String scope, Lineage lineage, Collection<String> problemIds) {
    List<Entry> found = new ArrayList<>();
    problemIds.forEach(problem -> found.addAll(places(scope, lineage, problem).values()));
    return found;
  }

  @Override
  public boolean answered(String scope, Lineage lineage) {
    return held.entrySet().stream()
        .filter(entry -> entry.getKey().scope().equals(scope))
        .filter(entry -> entry.getKey().lineage().equals(lineage))
        .flatMap(entry -> entry.getValue().values().stream())
        .anyMatch(entry -> entry.completion().finish() != FinishReason.FAILED);
  }

  /** What a chunk is shown of a scope. */
  ChunkExpansion.Held of(String scope) {
    return new ChunkExpansion.Held() {
      @Override
      public List<Entry> read(Lineage lineage, List<String> problemIds) {
        return HeldInMemory.this.read(scope, lineage, problemIds);
      }

      @Override
      public boolean answered(Lineage lineage) {
        return HeldInMemory.this.answered(scope, lineage);
      }
    };
  }
}
