package malt.torch.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Prompts of one adapter with their drafts, decoded one after the other as rows become free. */
record Batch(List<Part> parts) {

  /** The drafts of one prompt, or some of them. */
  record Part(int[] promptIds, List<Draft> drafts) {
    /** This part and more drafts of the same prompt, which is then read once for all. */
    Part with(Part other) {
      List<Draft> all = new ArrayList<>(drafts);
      all.addAll(other.drafts);
      return new Part(promptIds, all);
    }
  }

  /**
   * Divides parts into at most {@code shares} batches of about as many rows, prompts with a common
   * beginning together. A part has at most {@code most} rows: one with more is split. Depends on
   * the parts alone.
   */
  static List<Batch> divide(List<Part> parts, int shares, int most) {
    List<Part> sorted = new ArrayList<>();
    int rows = 0;
    for (Part part : parts) {
      int count = part.drafts().size();
      for (int from = 0; from < count; from += most) {
        sorted.add(
            new Part(part.promptIds(), part.drafts().subList(from, Math.min(count, from + most))));
      }
      rows += count;
    }
    sorted.sort(Comparator.comparing(Part::promptIds, Arrays::compare));
    List<Batch> batches = new ArrayList<>();
    List<Part> together = new ArrayList<>();
    int taken = 0;
    for (Part part : sorted) {
      together.add(part);
      taken += part.drafts().size();
      if ((long) taken * shares >= (long) rows * (batches.size() + 1)) {
        batches.add(new Batch(List.copyOf(together)));
        together.clear();
      }
    }
    return batches;
  }
}
