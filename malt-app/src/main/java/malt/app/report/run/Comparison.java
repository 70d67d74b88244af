package malt.app.report.run;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Method a against method b, paired by question.
 *
 * @param difference accuracy of a less that of b
 * @param relative difference as a share of b's accuracy; empty where b has none right
 * @param p two-sided
 * @param holm p corrected for the number of comparisons (Holm)
 */
public record Comparison(
    String a,
    String b,
    double difference,
    Interval interval,
    OptionalDouble relative,
    OptionalDouble p,
    OptionalDouble holm,
    List<McNemar> mcnemar) {
  /** Questions of one seed that only a, or only b, answered right. */
  public record McNemar(long seed, long onlyA, long onlyB, double p) {}

  public Comparison {
    mcnemar = List.copyOf(mcnemar);
  }

  /** The corrected p where there is one, else the plain one. */
  public OptionalDouble strictestP() {
    return holm.isPresent() ? holm : p;
  }
}
