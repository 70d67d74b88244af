package malt.problem;

/** What shows that words are meant as the answer. */
public enum Mark {
  /** {@code ####}, which also begins headings: only an answer right behind it counts. */
  HASHES(false),
  /** {@code <answer>}. */
  TAG(true),
  /** The field {@code "answer"} of a JSON object, whole or broken. */
  FIELD(true),
  /** {@code \boxed{}}. */
  BOX(true),
  /** "Final Answer:", also as a heading. */
  FINAL(true),
  /** "The answer is", "Answer:", "A:" at the start of a line. */
  NAMED(false),
  /** "... is the answer", behind what it marks. */
  BEHIND(false),
  /** A clause that chooses: "I choose B", "C is the best option", "so it must be D". */
  CHOSEN(false);

  private final boolean firm;

  Mark(boolean firm) {
    this.firm = firm;
  }

  /** Whether what stands there is the answer even if it cannot be read as one. */
  public boolean isFirm() {
    return firm;
  }
}
