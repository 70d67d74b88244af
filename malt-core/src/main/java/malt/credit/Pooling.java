package malt.credit;

/** How the value of an inner node comes from its children (the paper's two variants). */
public enum Pooling {
  /** Mean of the children's values; with full branching the mean over all leaves below. */
  GLOBAL,
  /** Share of the direct children labelled correct, level by level; at 0.5 their majority. */
  LOCAL
}
