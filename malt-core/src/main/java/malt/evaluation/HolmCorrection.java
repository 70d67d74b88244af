package malt.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's step-down correction for several tests (Holm 1979). */
public final class HolmCorrection {
  private HolmCorrection() {}

  /** The corrected p values, in the order given. */
  public static double[] of(double[] p) {
    List<Integer> ascending =
        IntStream.range(0, p.length).boxed().sorted(Comparator.comparingDouble(i -> p[i])).toList();
    double[] corrected = new double[p.length];
    double floor = 0;
    for (int rank = 0; rank < p.length; rank++) {
      int i = ascending.get(rank);
      floor = Math.max(floor, Math.min(1, (p.length - rank) * p[i]));
      corrected[i] = floor;
    }
    return corrected;
  }
}
