package malt.torch.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.Seeds;

/** How the examples of a data set are put into batches, and batches into micro-batches. */
final class Batches {
  private Batches() {}

  /** The examples 0 .. count - 1 in the order of one epoch, which the seed decides. */
  static int[] shuffled(int count, long seed, int epoch) {
    int[] order = IntStream.range(0, count).toArray();
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, "epoch", epoch));
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Consecutive batches of {@code size}; the last may be smaller. */
  static List<int[]> of(int[] order, int size) {
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += size) {
      batches.add(Arrays.copyOfRange(order, from, Math.min(order.length, from + size)));
    }
    return batches;
  }

  /**
   * Splits a batch so that no micro-batch pads to more than {@code tokens}, unless one example
   * alone does. Examples of like length come together, which keeps padding short.
   */
  static List<int[]> micro(int[] batch, Objective objective, int tokens) {
    List<Size> byLength =
        Arrays.stream(batch)
            .mapToObj(example -> Size.of(objective, example))
            .sorted(Comparator.comparingInt(Size::longest).thenComparingInt(Size::example))
            .toList();
    List<int[]> micro = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (Size size : byLength) {
      long rows = (open.size() + 1L) * size.rows();
      if (!open.isEmpty() && rows * size.longest() > tokens) {
        micro.add(open.stream().mapToInt(Integer::intValue).toArray());
        open.clear();
      }
      open.add(size.example());
    }
    micro.add(open.stream().mapToInt(Integer::intValue).toArray());
    return micro;
  }

  /** What an example takes in a forward: rows, and ids of the longest. */
  private record Size(int example, int rows, int longest) {
    static Size of(Objective objective, int example) {
      List<SharedPrompt> shared = SharedPrompt.of(objective.sequences(example));
      return new Size(
          example,
          shared.size(),
          shared.stream().mapToInt(SharedPrompt::inputs).max().orElseThrow());
    }
  }
}
