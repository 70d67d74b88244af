package malt.data;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One set in the making: its candidates are offered twice, first to be counted. */
final class Selection<T> {
  private final Draw draw = new Draw();
  private final int maxRepeat;
  private final int most;
  private final long seed;
  private final Consumer<T> kept;
  private int @Nullable [] times;
  private int next;

  /**
   * @param most kept; 0 is all
   * @param kept is given each candidate that stays, as often as it stands in the set
   */
  Selection(int maxRepeat, int most, long seed, Consumer<T> kept) {
    this.maxRepeat = maxRepeat;
    this.most = most;
    this.seed = seed;
    this.kept = kept;
  }

  void offer(List<T> candidates, boolean right) {
    for (T candidate : candidates) {
      if (times == null) {
        draw.count(right);
      } else {
        for (int time = times[next++]; time > 0; time--) {
          kept.accept(candidate);
        }
      }
    }
  }

  /** From now on candidates are picked. */
  void decide() {
    times = draw.times(maxRepeat, most, seed);
  }
}
