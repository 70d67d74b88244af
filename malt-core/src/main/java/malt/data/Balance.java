package malt.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import malt.Seeds;

/** Items of two kinds, those whose first answer was right and the others, made equal in number. */
final class Balance<T> {
  private record Item<T>(T item, boolean right) {}

  private final List<Item<T>> items = new ArrayList<>();

  void addAll(List<T> added, boolean right) {
    added.forEach(item -> items.add(new Item<>(item, right)));
  }

  /**
   * All items in order, each of the rarer kind up to {@code maxRepeat} times in a row; those that
   * stand once more than the others are drawn by {@code seed}.
   *
   * @param most kept in the end, drawn by {@code seed}; 0 is all
   */
  List<T> balanced(int maxRepeat, int most, long seed) {
    long rightCount = items.stream().filter(Item::right).count();
    long wrongCount = items.size() - rightCount;
    boolean rare = rightCount < wrongCount;
    long rareCount = Math.min(rightCount, wrongCount);
    long wanted = Math.min(Math.max(rightCount, wrongCount), maxRepeat * rareCount);
    Set<Integer> once = rareCount == 0 ? Set.of() : drawn(rare, wanted % rareCount, seed);
    List<T> balanced = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item<T> item = items.get(i);
      long times = item.right() == rare ? wanted / rareCount + (once.contains(i) ? 1 : 0) : 1;
      for (long time = 0; time < times; time++) {
        balanced.add(item.item());
      }
    }
    return most == 0 || balanced.size() <= most ? balanced : sample(balanced, most, seed);
  }

  private static <T> List<T> sample(List<T> all, int most, long seed) {
    return IntStream.range(0, all.size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> Seeds.of(seed, "kept", i)))
        .limit(most)
        .sorted()
        .map(all::get)
        .toList();
  }

  private Set<Integer> drawn(boolean kind, long count, long seed) {
    return new HashSet<>(
        IntStream.range(0, items.size())
            .filter(i -> items.get(i).right() == kind)
            .boxed()
            .sorted(Comparator.comparingLong(i -> Seeds.of(seed, i)))
            .limit(count)
            .toList());
  }
}
