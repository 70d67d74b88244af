package malt.app.report.run;

import java.util.OptionalDouble;

/**
 * How well a verifier flags wrong answers.
 *
 * @param team whose verifier it is
 * @param recall share of wrong answers flagged; empty where there are none
 * @param falseAlarm share of right answers flagged; empty where there are none
 * @param wrong number of wrong answers seen
 * @param right number of right answers seen
 */
public record VerifierQuality(
    String team,
    OptionalDouble recall,
    OptionalDouble falseAlarm,
    OptionalDouble balancedAccuracy,
    long wrong,
    long right) {}
