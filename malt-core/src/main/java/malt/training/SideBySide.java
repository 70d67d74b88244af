package malt.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import malt.Interruption;
import malt.MaltException;

/** Runs jobs side by side in the way that {@link AdapterTrainer} promises. */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Does each job's work, the jobs begun in their order, and comes back when nothing of it runs any
   * more.
   *
   * @param atOnce jobs that run side by side
   * @param work is given a listener that is told one call at a time
   * @throws RuntimeException of several failures that of the first job; the jobs not ended by then
   *     are interrupted
   */
  public static <J> void run(
      int atOnce, List<J> jobs, TrainingListener listener, BiConsumer<J, TrainingListener> work) {
    TrainingListener told = new OneAtATime(listener);
    ExecutorService workers = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (J job : jobs) {
        results.add(workers.submit(() -> work.accept(job, told)));
      }
      results.forEach(SideBySide::await);
    } finally {
      Interruption.finish(workers); // what the jobs use may be closed next
    }
  }

  private static void await(Future<?> result) {
    try {
      result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaltException("training was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new MaltException("training failed: " + e.getCause(), e);
    }
  }

  private static final class OneAtATime implements TrainingListener {
    private final TrainingListener listener;

    OneAtATime(TrainingListener listener) {
      this.listener = listener;
    }

    @Override
    public synchronized void started(long steps) {
      listener.started(steps);
    }

    @Override
    public synchronized void step(TrainingJob job, TrainingStep step) {
      listener.step(job, step);
    }

    @Override
    public synchronized void finished(TrainingJob job) {
      listener.finished(job);
    }
  }
}
