package malt.problem;

/** Kinds of generated word problems; docs/nano.md describes them. */
public enum TaskVariant {
  /** As in pre-training. */
  STANDARD,

  /** Five and six steps instead of four. */
  LONGER,

  /** The numbers of the standard problems in other sentences, made of known words. */
  REWORDED,

  /** Instead of multiplications, what is there is doubled, and no number says so. */
  DOUBLING
}
