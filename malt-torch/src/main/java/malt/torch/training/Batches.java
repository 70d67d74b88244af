package malt.torch.training;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * Splits a batch so that no micro-batch has more than {@code tokens} that enter its forward,
   * unless one example alone does. Examples of one prompt come together, so that it is read once.
   */
  static List<int[]> micro(int[] batch, Objective objective, int tokens) {
    List<int[]> micro = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    List<TokenSequence> sequences = new ArrayList<>();
    for (int example : byPrompt(batch, objective)) {
      List<TokenSequence> more = objective.sequences(example);
      sequences.addAll(more);
      if (!open.isEmpty() && SharedPrompt.inputs(sequences) > tokens) {
        micro.add(open.stream().mapToInt(Integer::intValue).toArray());
        open.clear();
        sequences = new ArrayList<>(more);
      }
      open.add(example);
    }
    micro.add(open.stream().mapToInt(Integer::intValue).toArray());
    return micro;
  }

  /** A batch's examples with those of the same prompt next to each other. */
  private static int[] byPrompt(int[] batch, Objective objective) {
    Map<IntBuffer, List<Integer>> byPrompt = new LinkedHashMap<>();
    for (int example : batch) {
      IntBuffer prompt = IntBuffer.wrap(objective.sequences(example).get(0).prompt());
      byPrompt.computeIfAbsent(prompt, ids -> new ArrayList<>()).add(example);
    }
    return byPrompt.values().stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
  }
}
