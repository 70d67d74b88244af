package malt.torch.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/** Prompts of one adapter and one way of drawing, decoded together. */
record Batch(Kind kind, List<Part> parts) {

  /** What all rows of a batch have in common. */
  record Kind(AdapterRef adapter, SamplingParams params) {}

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
   * Divides parts into batches of at most {@code most} rows and of about the same size, prompts of
   * like length together and the longest first; a part with too many drafts is split. Depends on
   * the parts alone.
   */
  static List<Batch> divide(Kind kind, List<Part> parts, int most) {
    int all = parts.stream().mapToInt(part -> part.drafts().size()).sum();
    int batches = Math.max(1, (all + most - 1) / most);
    return divideAt(kind, parts, (all + batches - 1) / batches);
  }

  private static List<Batch> divideAt(Kind kind, List<Part> parts, int limit) {
    List<Part> sorted = new ArrayList<>();
    for (Part part : parts) {
      int count = part.drafts().size();
      for (int from = 0; from < count; from += limit) {
        sorted.add(
            new Part(part.promptIds(), part.drafts().subList(from, Math.min(count, from + limit))));
      }
    }
    sorted.sort(Comparator.comparingInt((Part part) -> part.promptIds().length).reversed());
    List<Batch> batches = new ArrayList<>();
    List<Part> together = new ArrayList<>();
    int rows = 0;
    for (Part part : sorted) {
      if (rows + part.drafts().size() > limit) {
        batches.add(new Batch(kind, List.copyOf(together)));
        together.clear();
        rows = 0;
      }
      together.add(part);
      rows += part.drafts().size();
    }
    if (!together.isEmpty()) {
      batches.add(new Batch(kind, List.copyOf(together)));
    }
    return batches;
  }
}
