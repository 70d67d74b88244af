package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How well critiques flag wrong answers.
 *
 * @param recall share of wrong answers that are flagged; null where there is none
 * @param falseAlarm share of right answers that are flagged; null where there is none
 * @param balancedAccuracy mean of recall and 1 - falseAlarm: 0.5 for a coin, or for flagging all
 * @param wrong critiques of wrong answers
 * @param right critiques of right answers
 */
public record VerifierQuality(
    @Nullable Double recall,
    @JsonProperty("false_alarm") @Nullable Double falseAlarm,
    @JsonProperty("balanced_accuracy") @Nullable Double balancedAccuracy,
    long wrong,
    long right) {
  /** Of these critiques. */
  public static VerifierQuality of(FlagCounts counts) {
    Double recall = share(counts.flaggedWrong(), counts.wrong());
    Double falseAlarm = share(counts.flaggedRight(), counts.right());
    Double balanced =
        recall == null || falseAlarm == null ? null : Double.valueOf((recall + 1 - falseAlarm) / 2);
    return new VerifierQuality(recall, falseAlarm, balanced, counts.wrong(), counts.right());
  }

  private static @Nullable Double share(long part, long whole) {
    return whole == 0 ? null : Double.valueOf((double) part / whole);
  }
}
