package malt.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import malt.MaltException;
import malt.model.LanguageModel;
import malt.model.ModelSource;
import malt.tree.ChunkExpansion;
import org.jspecify.annotations.Nullable;

/**
 * A chunk's whole tree, the unit of an executor's work: the turns of one chunk need each other, and
 * a task a turn would send what was said back and forth.
 *
 * @param index among the chunks of the expansion
 */
record ChunkTask(int index, ChunkExpansion chunk, HeldOfChunk held) implements Serializable {

  /**
   * What came of it.
   *
   * @param turns those that are complete, in order
   * @param failure why there are no more; null where the chunk is whole
   */
  record Outcome(int index, List<ChunkExpansion.Turn> turns, @Nullable Failure failure)
      implements Serializable {}

  /** On an executor. What goes wrong there is an outcome, so that Spark does not repeat it. */
  Outcome expand(ModelSource source) {
    List<ChunkExpansion.Turn> turns = new ArrayList<>();
    try {
      LanguageModel model = ExecutorModels.of(source);
      chunk.expand(model, held, turns::add);
      return new Outcome(index, turns, null);
    } catch (MaltException e) {
      return new Outcome(index, turns, Failure.of(e));
    }
  }
}
