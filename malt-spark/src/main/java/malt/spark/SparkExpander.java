package malt.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import malt.model.ModelSource;
import malt.tree.ChunkExpander;
import malt.tree.ChunkExpansion;
import malt.tree.SearchTree;

/**
 * Expands chunks on executors, a task a chunk. The driver tells each its chunk and what is held of
 * it, gets back what was sampled, and reads the trees from what it holds then, as one machine reads
 * them. So nothing is lost with an executor but the chunks that it was at, which go to another, and
 * their nodes are the same there.
 *
 * <p>A chunk whose call was refused as a whole is put off until the others are done: their answers
 * tell whether its requests are to blame.
 */
final class SparkExpander implements ChunkExpander {
  private final SparkJobs jobs;
  private final ModelSource model;

  SparkExpander(SparkJobs jobs, ModelSource model) {
    this.jobs = jobs;
    this.model = model;
  }

  @Override
  public void expand(
      List<ChunkExpansion> chunks,
      ChunkExpansion.Held held,
      ChunkExpander.Listener listener,
      Consumer<SearchTree> visitor) {
    Visits visits = new Visits(chunks, held, listener, visitor);
    List<Integer> missing = visits.missing();
    while (!missing.isEmpty()) {
      missing = expand(visits, missing);
    }
  }

  /**
   * @return the chunks that were refused, fewer than were missing
   */
  private List<Integer> expand(Visits visits, List<Integer> missing) {
    List<ChunkTask.Outcome> refused = new ArrayList<>();
    ModelSource source = model; // so that nothing else goes along
    jobs.each(
        "expand %d chunks".formatted(missing.size()),
        missing.stream().map(visits::task).toList(),
        task -> task.expand(source),
        outcome -> {
          visits.take(outcome);
          Failure failure = outcome.failure();
          if (failure != null && failure.refused()) {
            refused.add(outcome);
          } else if (failure != null) {
            throw failure.exception();
          }
        });
    if (refused.size() == missing.size()) {
      throw Objects.requireNonNull(refused.get(0).failure()).exception();
    }
    return refused.stream().map(ChunkTask.Outcome::index).sorted().toList();
  }
}
