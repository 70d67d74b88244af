package malt.credit;

/** What a node is worth; the first two are the paper's variants. */
public enum Pooling {
  /** Mean of the children's values; with full branching the mean over all leaves below. */
  GLOBAL,
  /** Share of the direct children labelled correct, level by level; at 0.5 their majority. */
  LOCAL,
  /**
   * What it says itself: an answer by its own grade, as STaR's filter has it (Zelikman et al.
   * 2022); a judgement by whether it calls the answer it judges wrong and that is so. A judgement
   * that nothing can be read from is worth the mean of its children.
   */
  OWN
}
