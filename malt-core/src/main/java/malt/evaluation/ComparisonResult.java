package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Method a against method b on the same questions and seeds.
 *
 * @param difference accuracy of a minus accuracy of b
 * @param interval of the difference, from a paired bootstrap over questions (and seeds)
 * @param relative difference / accuracy of b; null where b has no correct answer
 * @param p two-sided, of the pooled paired test
 * @param pHolm p corrected for all comparisons of the report
 * @param detectable the smallest true difference found with 80 % probability at this many questions
 *     and this discordance, uncorrected; null where even the largest possible one is not
 * @param mcnemar the exact test in each seed by itself
 */
public record ComparisonResult(
    String a,
    String b,
    double difference,
    Interval interval,
    @Nullable Double relative,
    double p,
    @JsonProperty("p_holm") double pHolm,
    @Nullable Double detectable,
    List<McNemar> mcnemar) {
  public ComparisonResult {
    mcnemar = List.copyOf(mcnemar);
  }

  ComparisonResult withHolm(double corrected) {
    return new ComparisonResult(
        a, b, difference, interval, relative, p, corrected, detectable, mcnemar);
  }

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
