package malt.problem;

/**
 * What a grader makes of one statement.
 *
 * @param answer empty unless one is stated, supposed or denied
 */
public record Reading(Kind kind, String answer) {
  /** How a statement bears on the answer. */
  public enum Kind {
    /** States the answer. */
    STATED,
    /** Words that are one only if nothing else is. */
    SUPPOSED,
    /** Says what the answer is not. */
    DENIED,
    /** Means to state an answer, but not one: a hedge, a range, something unreadable. */
    UNCLEAR,
    /** Says nothing of the answer. */
    SILENT
  }

  public static final Reading SILENT = new Reading(Kind.SILENT, "");
  public static final Reading UNCLEAR = new Reading(Kind.UNCLEAR, "");

  public static Reading stated(String answer) {
    return new Reading(Kind.STATED, answer);
  }

  public static Reading supposed(String answer) {
    return new Reading(Kind.SUPPOSED, answer);
  }

  public static Reading denied(String answer) {
    return new Reading(Kind.DENIED, answer);
  }
}
