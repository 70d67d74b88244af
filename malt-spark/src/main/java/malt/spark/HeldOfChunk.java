package malt.spark;

import java.io.Serializable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.tree.ChunkExpansion;
import malt.tree.CompletionStore;
import malt.tree.Lineage;

/**
 * What the journal holds of a chunk, to be read where there is no journal.
 *
 * @param answered lineages of which anything is held that did not fail, of whatever chunk
 */
record HeldOfChunk(Map<Lineage, List<CompletionStore.Entry>> entries, Set<Lineage> answered)
    implements ChunkExpansion.Held, Serializable {

  static HeldOfChunk of(ChunkExpansion chunk, ChunkExpansion.Held held) {
    List<String> problemIds = chunk.problems().stream().map(problem -> problem.id()).toList();
    Map<Lineage, List<CompletionStore.Entry>> entries = new LinkedHashMap<>();
    Set<Lineage> answered = new HashSet<>();
    for (int turn = 0; turn < chunk.team().turns(); turn++) {
      Lineage lineage = Lineage.of(chunk.team(), turn, chunk.substitution());
      entries.put(lineage, List.copyOf(held.read(lineage, problemIds)));
      if (held.answered(lineage)) {
        answered.add(lineage);
      }
    }
    return new HeldOfChunk(entries, answered);
  }

  @Override
  public List<CompletionStore.Entry> read(Lineage lineage, List<String> problemIds) {
    return entries.getOrDefault(lineage, List.of());
  }

  @Override
  public boolean answered(Lineage lineage) {
    return answered.contains(lineage);
  }
}
