package malt.problem;

/** The reward of a leaf; UNGRADABLE is a state of its own, never a silent zero. */
public enum Grade {
  CORRECT,
  INCORRECT,
  /** The reference or the sample could not be judged (a failed request, a broken gold answer). */
  UNGRADABLE
}
