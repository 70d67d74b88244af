package malt.tree;

/** Hears how far an expansion is. */
@FunctionalInterface
public interface ExpansionListener {
  /**
   * After every call of the model and every read in place of one, on the thread that expands.
   *
   * @param progress counts again what was heard of while the call went on
   */
  void advanced(ExpansionProgress progress);

  /** Completions of the call that goes on; not every expander tells of them. */
  default void sampled(int completions, long tokens) {}
}
