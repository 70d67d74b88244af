package malt.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import malt.Seeds;

/**
 * Which of a set's candidates stay, and how often, decided by their number and kind alone: those
 * whose first answer was right and the others are made equal in number.
 */
final class Draw {
  private final BitSet right = new BitSet();
  private int size;

  void count(boolean isRight) {
    right.set(size++, isRight);
  }

  /**
   * How often each candidate stands in the set: those of the rarer kind up to {@code maxRepeat}
   * times; those that stand once more than the others are drawn by {@code seed}.
   *
   * @param most kept in the end, drawn by {@code seed}; 0 is all
   */
  int[] times(int maxRepeat, int most, long seed) {
    int rightCount = right.cardinality();
    int wrongCount = size - rightCount;
    boolean rare = rightCount < wrongCount;
    int rareCount = Math.min(rightCount, wrongCount);
    long wanted = Math.min(Math.max(rightCount, wrongCount), (long) maxRepeat * rareCount);
    int[] times = new int[size];
    Arrays.fill(times, 1);
    if (rareCount > 0) {
      int[] kind = IntStream.range(0, size).filter(i -> right.get(i) == rare).toArray();
      for (int i : kind) {
        times[i] = (int) (wanted / rareCount);
      }
      first(kind, (int) (wanted % rareCount), i -> Seeds.of(seed, i)).stream()
          .forEach(i -> times[i]++);
    }
    int all = IntStream.of(times).sum();
    if (most > 0 && all > most) {
      int[] places = IntStream.range(0, all).toArray();
      keep(times, first(places, most, i -> Seeds.of(seed, "kept", i)));
    }
    return times;
  }

  /** The {@code count} indices that come first by {@code order}. */
  private static BitSet first(int[] indices, int count, IntToLongFunction order) {
    record Keyed(int index, long key) {}
    BitSet first = new BitSet();
    IntStream.of(indices)
        .mapToObj(index -> new Keyed(index, order.applyAsLong(index)))
        .sorted(Comparator.comparingLong(Keyed::key))
        .limit(count)
        .forEach(keyed -> first.set(keyed.index()));
    return first;
  }

  /** Leaves of each candidate's places in the set those that are kept. */
  private static void keep(int[] times, BitSet kept) {
    int place = 0;
    for (int i = 0; i < times.length; i++) {
      int end = place + times[i];
      times[i] = kept.get(place, end).cardinality();
      place = end;
    }
  }
}
