package malt.app.serve;

import java.util.List;

/**
 * Where an answer goes; one that is only given whole passes over its tokens. Its methods may be
 * called by any thread and do not wait.
 */
@FunctionalInterface
interface Output {
  /** A choice's text grows by a token. */
  default void token(int choice, int id, float logProb, String text) {}

  /** A turn before the answer grows by a token. */
  default void turn(int choice, int pass, String role, String text) {}

  /** All is said. */
  void done(List<Spoken> choices);
}
