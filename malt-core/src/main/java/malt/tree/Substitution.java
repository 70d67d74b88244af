package malt.tree;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.model.Completion;
import malt.model.FinishReason;

/**
 * What later turns are shown in place of the completions of one turn; for ablations. The tree keeps
 * what was really said; only the prompts after it change.
 *
 * @param name becomes part of the later turns' {@link Lineage}, so results never mix
 * @param turn whose completions are replaced
 */
public record Substitution(String name, int turn, Shown shown) implements Serializable {

  /** Chooses the completion to show. */
  @FunctionalInterface
  public interface Shown extends Serializable {
    /**
     * The completion shown in place of {@code chunk.get(problem).get(path)}.
     *
     * @param chunk all completions of the turn by path, per problem of the chunk
     */
    Completion of(int problem, List<Integer> path, List<Map<List<Integer>, Completion>> chunk);
  }

  /** Later turns see an empty text: the dropped-role ablation. */
  public static Substitution empty(int turn) {
    return new Substitution(
        "empty", turn, (problem, path, chunk) -> emptied(at(chunk, problem, path)));
  }

  /**
   * Later turns see another question's completion: that of the next problem in the chunk at the
   * same path, the first after the last. A problem whose completion there failed is passed over.
   */
  public static Substitution shuffled(int turn) {
    return new Substitution("shuffled", turn, Substitution::next);
  }

  private static Completion next(
      int problem, List<Integer> path, List<Map<List<Integer>, Completion>> chunk) {
    for (int step = 1; step < chunk.size(); step++) {
      Completion other = chunk.get((problem + step) % chunk.size()).get(path);
      if (other != null && other.finish() != FinishReason.FAILED) {
        return other;
      }
    }
    throw new ConfigException(
        "no other problem among the %d of this call has a completion at %s to shuffle with; use a larger chunk size"
            .formatted(chunk.size(), path));
  }

  private static Completion at(
      List<Map<List<Integer>, Completion>> chunk, int problem, List<Integer> path) {
    Completion found = chunk.get(problem).get(path);
    if (found == null) {
      throw new IllegalArgumentException("no completion at " + path + " of problem " + problem);
    }
    return found;
  }

  private static Completion emptied(Completion said) {
    return new Completion(
        "",
        said.promptIds(),
        new int[0],
        new float[0],
        FinishReason.STOP,
        said.adapter(),
        said.seed());
  }
}
