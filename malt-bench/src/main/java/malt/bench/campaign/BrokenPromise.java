package malt.bench.campaign;

/** Something was not as docs/guarantees.md says it is. */
final class BrokenPromise extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param what was found where something else was promised
   */
  BrokenPromise(String what) {
    super(what);
  }
}
