package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that work through numbered pieces together with the thread that asks. */
final class Team implements AutoCloseable {
  /** One piece of the work, done by one member. */
  @FunctionalInterface
  interface Work {
    /**
     * @param member below {@link Team#size}, of one thread alone while the work goes on
     */
    void run(int member, int piece);
  }

  private final int size;
  private final ExecutorService helpers;

  Team(int size) {
    this.size = size;
    AtomicInteger count = new AtomicInteger();
    helpers =
        Executors.newFixedThreadPool(
            Math.max(1, size - 1),
            task -> {
              Thread thread = new Thread(task, "attention-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  int size() {
    return size;
  }

  /** Returns when all pieces are done. */
  void run(int pieces, Work work) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> helping = new ArrayList<>();
    for (int member = 1; member < Math.min(size, pieces); member++) {
      int number = member;
      helping.add(helpers.submit(() -> work(number, next, pieces, work)));
    }
    try {
      work(0, next, pieces, work);
    } finally {
      for (Future<?> each : helping) {
        await(each);
      }
    }
  }

  private static void work(int member, AtomicInteger next, int pieces, Work work) {
    for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
      work.run(member, piece);
    }
  }

  /** Helpers use what the caller owns, so it waits for them whatever happens. */
  private static void await(Future<?> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
