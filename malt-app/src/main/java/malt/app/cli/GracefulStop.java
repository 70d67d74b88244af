package malt.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM end the work at its next safe point. Without this the JVM would go while
 * LibTorch still computes on other threads, and crash.
 */
final class GracefulStop {
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch ended = new CountDownLatch(1);

  private GracefulStop() {}

  /** Watches over the work of the calling thread. */
  static GracefulStop install() {
    GracefulStop stop = new GracefulStop();
    Thread work = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.await(work), "graceful-stop"));
    return stop;
  }

  /** From here on the JVM may go at once. */
  void workEnded() {
    ended.countDown();
  }

  private void await(Thread work) {
    if (ended.getCount() > 0) {
      work.interrupt();
    }
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
