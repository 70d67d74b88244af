package malt.torch.training;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The token ids of a job's rows, made of them when they are asked for. The ids asked for last stay
 * in memory, a sixteenth of the heap at most; so a set may be larger than memory.
 */
final class TrainingTokens {
  private final List<List<TokenSequence>> rows;
  private final long kept;
  private final Map<Integer, List<TokenSequence>> latest = new LinkedHashMap<>(16, 0.75f, true);
  private long ids;

  /**
   * @param rows always as many sequences, made when they are asked for
   */
  TrainingTokens(List<List<TokenSequence>> rows) {
    this(rows, Runtime.getRuntime().maxMemory() / 16 / Integer.BYTES);
  }

  /**
   * @param kept ids that may stay in memory
   */
  TrainingTokens(List<List<TokenSequence>> rows, long kept) {
    this.rows = rows;
    this.kept = kept;
  }

  int size() {
    return rows.size();
  }

  /** A sequence of each example: 0 is the first. */
  List<TokenSequence> column(int column) {
    return new AbstractList<>() {
      @Override
      public int size() {
        return rows.size();
      }

      @Override
      public TokenSequence get(int example) {
        return sequences(example).get(column);
      }
    };
  }

  private synchronized List<TokenSequence> sequences(int example) {
    List<TokenSequence> found = latest.get(example);
    if (found == null) {
      found = rows.get(example);
      latest.put(example, found);
      ids += count(found);
      Iterator<List<TokenSequence>> oldest = latest.values().iterator();
      while (ids > kept && latest.size() > 1) {
        ids -= count(oldest.next());
        oldest.remove();
      }
    }
    return found;
  }

  /** Those of a sequence; they take as much room as its ids. */
  private static int logProbs(TokenSequence sequence) {
    return sequence.sampled() == null ? 0 : sequence.completion().length;
  }

  private static long count(List<TokenSequence> sequences) {
    return sequences.stream()
        .mapToLong(
            sequence ->
                (long) sequence.prompt().length + sequence.completion().length + logProbs(sequence))
        .sum();
  }
}
