package malt.torch.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that go through the same work side by side, each with its own share, and wait for each
 * other at the places where they need what the others have made. The thread that asks is one of
 * them; the others begin with one thread of LibTorch's own and without gradients. Waiting spins for
 * a moment, since the others are mostly about to come; then it sleeps.
 */
public final class Team implements AutoCloseable {
  private static final int SPINS = 20_000; // a few hundred microseconds
  private static final long SLEEP = 50_000; // nanoseconds

  private final int size;
  private final ExecutorService helpers;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger(); // piece of the work that is shared out
  private volatile int meetings;
  private volatile boolean failed;

  public Team(int size) {
    this.size = size;
    AtomicInteger count = new AtomicInteger();
    helpers =
        Executors.newFixedThreadPool(
            Math.max(1, size - 1),
            task -> {
              Thread thread = new Thread(task, "team-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  public int size() {
    return size;
  }

  /** What each member does. */
  @FunctionalInterface
  public interface Work {
    /**
     * @param member from 0, the thread that asked, to {@link Team#size} - 1
     */
    void run(int member);
  }

  /** Returns when all members are done; what went wrong with one of them is thrown. */
  public void together(Work work) {
    failed = false;
    arrived.set(0);
    List<Future<?>> helping = new ArrayList<>();
    for (int member = 1; member < size; member++) {
      int number = member;
      helping.add(helpers.submit(() -> help(work, number)));
    }
    RuntimeException wrong = null;
    try {
      guarded(work, 0);
    } catch (RuntimeException e) {
      wrong = e;
    }
    for (Future<?> each : helping) {
      RuntimeException other = await(each);
      wrong = wrong == null || wrong instanceof Abandoned ? other == null ? wrong : other : wrong;
    }
    if (wrong != null) {
      throw wrong;
    }
  }

  private void help(Work work, int member) {
    LibTorch.setThreads(1);
    try (GradMode off = GradMode.off()) {
      guarded(work, member);
    }
  }

  private void guarded(Work work, int member) {
    boolean done = false;
    try {
      work.run(member);
      done = true;
    } finally {
      if (!done) {
        failed = true;
      }
    }
  }

  /** Helpers use what the caller owns, so it waits for them whatever happens. */
  private static @org.jspecify.annotations.Nullable RuntimeException await(Future<?> helper) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          helper.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Another member has failed, and says why itself. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Waits until all members are here: what they wrote before is seen by all after. */
  public void meet() {
    if (size == 1) {
      next.set(0);
      return;
    }
    int meeting = meetings;
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      next.set(0);
      meetings = meeting + 1;
      return;
    }
    for (int spin = 0; meetings == meeting; spin++) {
      if (failed) {
        throw new Abandoned();
      }
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(SLEEP);
      }
    }
  }

  /** The number of the next piece of what is shared out since the last meeting, from 0. */
  public int nextPiece() {
    return next.getAndIncrement();
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
