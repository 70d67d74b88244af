package malt.torch.training;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
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

  /**
   * Divides a batch into at most {@code count} parts of about as many tokens: the examples of a
   * prompt, those with most first, go where there are fewest. In each the batch's order is kept.
   */
  static List<int[]> parts(int[] batch, Objective objective, int count) {
    if (count == 1) {
      return List.of(batch);
    }
    record Group(List<Integer> places, int tokens) {} // within the batch
    List<Group> groups = new ArrayList<>();
    for (List<Integer> places : placesByPrompt(batch, objective)) {
      List<TokenSequence> sequences = new ArrayList<>();
      places.forEach(place -> sequences.addAll(objective.sequences(batch[place])));
      groups.add(new Group(places, SharedPrompt.inputs(sequences)));
    }
    groups.sort(Comparator.comparingInt(Group::tokens).reversed()); // stable
    int[] tokens = new int[Math.min(count, groups.size())];
    List<List<Integer>> parts = new ArrayList<>();
    for (Group group : groups) {
      int least = 0;
      for (int part = 1; part < tokens.length; part++) {
        least = tokens[part] < tokens[least] ? part : least;
      }
      if (tokens[least] == 0) {
        parts.add(new ArrayList<>());
      }
      parts.get(least).addAll(group.places());
      tokens[least] += group.tokens();
    }
    return parts.stream()
        .map(places -> places.stream().sorted().mapToInt(place -> batch[place]).toArray())
        .toList();
  }

  /** A batch's examples with those of the same prompt next to each other. */
  private static int[] byPrompt(int[] batch, Objective objective) {
    return placesByPrompt(batch, objective).stream()
        .flatMap(List::stream)
        .mapToInt(place -> batch[place])
        .toArray();
  }

  /** The places in a batch of the examples of each prompt, in the order of the first of each. */
  private static Collection<List<Integer>> placesByPrompt(int[] batch, Objective objective) {
    Map<IntBuffer, List<Integer>> byPrompt = new LinkedHashMap<>();
    for (int place = 0; place < batch.length; place++) {
      IntBuffer prompt = IntBuffer.wrap(objective.sequences(batch[place]).get(0).prompt());
      byPrompt.computeIfAbsent(prompt, ids -> new ArrayList<>()).add(place);
    }
    return byPrompt.values();
  }
}
