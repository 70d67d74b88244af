package malt.torch.generation;

/** Hears a completion token by token, on the thread that decodes it: it must not wait. */
@FunctionalInterface
public interface LiveListener {
  /** Hears nothing. */
  LiveListener NONE = (id, logProb, text) -> {};

  /**
   * One more token was drawn.
   *
   * @param text what can be shown since the last one; a half character and what may yet become a
   *     stop text are held back
   */
  void said(int id, float logProb, String text);
}
