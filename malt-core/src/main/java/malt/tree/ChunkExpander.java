package malt.tree;

import java.util.List;
import java.util.function.Consumer;
import malt.model.LanguageModel;

/**
 * The port to whoever expands chunks: a model of this process, chunk by chunk, or other machines,
 * many at once. What comes of it is the same, since an expansion reads nothing but its arguments.
 */
@FunctionalInterface
public interface ChunkExpander {
  /** Hears how chunks grow. */
  @FunctionalInterface
  interface Listener {
    /** A turn of a chunk is complete. */
    void turn(ChunkExpansion.Turn turn);

    /** Completions of a turn that is under way; not every expander tells of them. */
    default void sampled(int completions, long tokens) {}
  }

  /**
   * Expands chunks in any order.
   *
   * @param held what was sampled before; asked on the calling thread alone
   * @param listener keeps what was sampled: gets the turns of a chunk in their order, on the
   *     calling thread, before any tree of that chunk is visited
   * @param visitor gets every tree, in the order of the chunks and of their problems
   */
  void expand(
      List<ChunkExpansion> chunks,
      ChunkExpansion.Held held,
      Listener listener,
      Consumer<SearchTree> visitor);

  /** By this model, one chunk after the other. */
  static ChunkExpander by(LanguageModel model) {
    return (chunks, held, listener, visitor) ->
        chunks.forEach(chunk -> chunk.expand(model, held, listener).forEach(visitor));
  }
}
