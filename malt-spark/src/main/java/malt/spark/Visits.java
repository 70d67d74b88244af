package malt.spark;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import malt.model.LanguageModel;
import malt.tree.ChunkExpander;
import malt.tree.ChunkExpansion;
import malt.tree.SearchTree;

/**
 * The chunks of an expansion as the driver goes through them: each is told of as it comes, and its
 * trees are visited in their order, read from what is held by then.
 */
final class Visits {
  private static final LanguageModel NOBODY =
      requests -> {
        throw new NotHeld();
      };

  /** A chunk lacks something. */
  private static final class NotHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotHeld() {
      super("not held", null, false, false);
    }
  }

  private final List<ChunkExpansion> chunks;
  private final ChunkExpansion.Held held;
  private final ChunkExpander.Listener listener;
  private final Consumer<SearchTree> visitor;
  private final BitSet whole = new BitSet();
  private final int[] told; // turns of each chunk
  private int next; // chunk to be visited

  Visits(
      List<ChunkExpansion> chunks,
      ChunkExpansion.Held held,
      ChunkExpander.Listener listener,
      Consumer<SearchTree> visitor) {
    this.chunks = chunks;
    this.held = held;
    this.listener = listener;
    this.visitor = visitor;
    this.told = new int[chunks.size()];
  }

  /** Visits chunks as far as they are held, and finds which are not. */
  List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (int index = 0; index < chunks.size(); index++) {
      List<ChunkExpansion.Turn> turns = new ArrayList<>();
      try {
        List<SearchTree> trees = chunks.get(index).expand(NOBODY, held, turns::add);
        if (missing.isEmpty()) {
          visit(index, turns, trees);
        } else {
          whole.set(index); // its turn comes
        }
      } catch (NotHeld e) {
        missing.add(index);
      }
    }
    return missing;
  }

  /** The task of a chunk that is not held as a whole. */
  ChunkTask task(int index) {
    ChunkExpansion chunk = chunks.get(index);
    return new ChunkTask(index, chunk, HeldOfChunk.of(chunk, held));
  }

  /** Tells of what was sampled, and visits the trees whose turn it is. */
  void take(ChunkTask.Outcome outcome) {
    tell(outcome.index(), outcome.turns());
    if (outcome.failure() == null) {
      whole.set(outcome.index());
    }
    while (whole.get(next)) {
      List<ChunkExpansion.Turn> turns = new ArrayList<>();
      List<SearchTree> trees = chunks.get(next).expand(NOBODY, held, turns::add);
      visit(next, turns, trees);
    }
  }

  private void visit(int index, List<ChunkExpansion.Turn> turns, List<SearchTree> trees) {
    tell(index, turns);
    trees.forEach(visitor);
    next = index + 1;
  }

  /** An expansion that was begun again has the turns that it had. */
  private void tell(int index, List<ChunkExpansion.Turn> turns) {
    for (ChunkExpansion.Turn turn : turns.subList(told[index], turns.size())) {
      listener.turn(turn);
      told[index]++;
    }
  }
}
