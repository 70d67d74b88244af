package malt;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** How long work ends early: at a point of its own choosing, with nothing of it left running. */
public final class Interruption {
  private Interruption() {}

  /**
   * Called where work may stop.
   *
   * @throws MaltException if this thread was asked to
   */
  public static void check(String work) {
    if (Thread.currentThread().isInterrupted()) {
      throw new MaltException(work + " was interrupted");
    }
  }

  /** Drops tasks not begun, interrupts the others and waits for their end. */
  public static void finish(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    boolean done = false;
    while (!done) {
      try {
        done = workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
