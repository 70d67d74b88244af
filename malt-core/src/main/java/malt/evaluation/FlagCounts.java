package malt.evaluation;

/**
 * Critiques by whether the answer they judge is wrong and whether they flag it as wrong.
 *
 * @param flaggedWrong hits
 * @param flaggedRight false alarms
 */
public record FlagCounts(long wrong, long flaggedWrong, long right, long flaggedRight) {
  public static final FlagCounts NONE = new FlagCounts(0, 0, 0, 0);

  /** One critique. */
  public static FlagCounts of(boolean right, boolean flagged) {
    int hit = flagged ? 1 : 0;
    return right ? new FlagCounts(0, 0, 1, hit) : new FlagCounts(1, hit, 0, 0);
  }

  /** These critiques and those. */
  public FlagCounts plus(FlagCounts other) {
    return new FlagCounts(
        wrong + other.wrong,
        flaggedWrong + other.flaggedWrong,
        right + other.right,
        flaggedRight + other.flaggedRight);
  }
}
