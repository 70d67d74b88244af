package malt.tree;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import malt.model.Completion;

/** What has been sampled, under (scope, lineage, problem, path). */
public interface CompletionStore {

  /** One completion at its place. */
  record Entry(String problemId, List<Integer> path, Completion completion)
      implements Serializable {
    public Entry {
      path = List.copyOf(path);
      if (path.isEmpty()) {
        throw new IllegalArgumentException("a completion's path has at least one index");
      }
    }
  }

  /**
   * Keeps all entries or, if the process dies or this throws, none.
   *
   * @throws malt.MaltException if one of them is held already
   */
  void append(String scope, Lineage lineage, List<Entry> entries);

  /** All entries of these problems: problems in the order given, each in path order. */
  List<Entry> read(String scope, Lineage lineage, Collection<String> problemIds);

  /** Whether a completion of this lineage is held that did not fail. */
  boolean answered(String scope, Lineage lineage);
}
