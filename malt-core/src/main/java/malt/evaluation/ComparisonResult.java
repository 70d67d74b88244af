package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Method a against method b on the same questions and seeds.
 *
 * @param difference accuracy of a minus accuracy of b
 * @param basis what interval and p speak for
 * @param interval of the difference
 * @param relative difference / accuracy of b; null where b has no correct answer
 * @param p two-sided
 * @param pHolm p corrected for all comparisons of the report
 * @param given the same given the adapters that were trained
 * @param detectable the smallest true difference found with 80 % probability at this many questions
 *     and this discordance, uncorrected; null where even the largest possible one is not
 * @param mcnemar the exact test in each seed by itself
 */
public record ComparisonResult(
    String a,
    String b,
    double difference,
    Basis basis,
    Interval interval,
    @Nullable Double relative,
    double p,
    @JsonProperty("p_holm") double pHolm,
    Given given,
    @Nullable Double detectable,
    List<McNemar> mcnemar) {
  public ComparisonResult {
    mcnemar = List.copyOf(mcnemar);
  }

  ComparisonResult withHolm(double corrected) {
    return new ComparisonResult(
        a, b, difference, basis, interval, relative, p, corrected, given, detectable, mcnemar);
  }

  /** What a test speaks for. */
  public enum Basis {
    /**
     * The method: other seeds would have trained other adapters. The paired t test over seeds,
     * where it is the weaker one; else what is given these adapters, since few seeds may agree by
     * chance.
     */
    @JsonProperty("seeds")
    SEEDS,
    /** These adapters alone, since there is one seed. */
    @JsonProperty("adapters")
    ADAPTERS
  }

  /**
   * The adapters taken as they are, what other questions would say of them.
   *
   * @param interval from a paired bootstrap over questions
   * @param p two-sided, of the exact sign-flip test over questions
   */
  public record Given(Interval interval, double p) {}

  /**
   * Discordant questions of one seed.
   *
   * @param aOnly right with a only
   * @param bOnly right with b only
   * @param p two-sided, exact; where questions are clustered, of the sign-flip test over clusters
   */
  public record McNemar(
      long seed,
      @JsonProperty("a_only") long aOnly,
      @JsonProperty("b_only") long bOnly,
      double p) {}
}
