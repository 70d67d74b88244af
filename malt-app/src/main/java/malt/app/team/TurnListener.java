package malt.app.team;

/** Hears a team speak, on the threads that decode: it must not wait. */
@FunctionalInterface
public interface TurnListener {
  /** Hears nothing. */
  TurnListener NONE = (pass, turn, id, logProb, text) -> {};

  /**
   * A role said a token more.
   *
   * @param pass counted from 0; passes speak at the same time
   * @param turn in the chain, counted from 0
   */
  void said(int pass, int turn, int id, float logProb, String text);
}
