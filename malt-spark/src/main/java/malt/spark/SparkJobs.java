package malt.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import malt.MaltException;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Function2;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** Runs tasks on executors, and takes each result as it comes, in whatever order. */
final class SparkJobs {
  private static final long SETTLED_MILLISECONDS = 2_000;

  private final JavaSparkContext context;

  SparkJobs(JavaSparkContext context) {
    this.context = context;
  }

  /** What an executor does with a task. */
  interface Work<T, R> extends Serializable {
    R of(T task);
  }

  /** A result, or the end of all: with a reason where there was an error. */
  private record Event<R>(@Nullable R result, @Nullable Throwable failure) {}

  /**
   * Does each task somewhere. Returns when all results were taken; where taking one throws, what is
   * left is cancelled.
   *
   * @param name shown by Spark
   * @param take called on this thread
   * @throws MaltException if Spark gave up, or this thread was interrupted
   */
  <T extends Serializable, R extends Serializable> void each(
      String name, List<T> tasks, Work<T, R> work, Consumer<R> take) {
    run(context.parallelize(tasks, tasks.size()).map(work::of).setName(name), take);
  }

  /** Does the work once on every executor, at the same time, as a barrier stage; likewise. */
  <R extends Serializable> void together(String name, Work<Integer, R> work, Consumer<R> take) {
    int ranks = executors();
    List<Integer> tasks = IntStream.range(0, ranks).boxed().toList();
    RDD<R> results =
        context
            .parallelize(tasks, ranks)
            .rdd()
            .barrier()
            .mapPartitions(
                (Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<R>>
                        & Serializable)
                    rank -> rank.map((Function1<Integer, R>) work::of),
                false,
                ClassTag.apply(Object.class));
    run(results.toJavaRDD().setName(name), take);
  }

  /** Executors that are there; the threads of this process where it is the only one. */
  private int executors() {
    if (context.isLocal()) {
      return context.defaultParallelism();
    }
    try {
      int known = 0;
      for (int now = present(); now == 0 || now > known; now = present()) {
        known = now;
        Thread.sleep(SETTLED_MILLISECONDS); // others may be about to come
      }
      return known;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaltException("work on Spark was interrupted", e);
    }
  }

  private int present() {
    return context.sc().statusTracker().getExecutorInfos().length - 1; // the driver is one
  }

  private <R> void run(JavaRDD<R> results, Consumer<R> take) {
    BlockingQueue<Event<R>> events = new LinkedBlockingQueue<>();
    SimpleFutureAction<BoxedUnit> job = submit(results.rdd(), events);
    job.onComplete(
        (Function1<Try<BoxedUnit>, BoxedUnit>)
            end -> {
              events.add(new Event<>(null, end.isFailure() ? end.failed().get() : null));
              return BoxedUnit.UNIT;
            },
        ExecutionContext.global());
    boolean done = false;
    try {
      while (!done) {
        Event<R> event = events.take();
        if (event.failure() != null) {
          throw gaveUp(event.failure());
        } else if (event.result() == null) {
          done = true;
        } else {
          take.accept(event.result());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaltException("work on Spark was interrupted", e);
    } finally {
      if (!done) {
        job.cancel();
      }
    }
  }

  /** One result a partition. */
  private <R> SimpleFutureAction<BoxedUnit> submit(RDD<R> results, BlockingQueue<Event<R>> events) {
    List<Object> partitions =
        IntStream.range(0, results.getNumPartitions()).<Object>mapToObj(i -> i).toList();
    return context
        .sc()
        .submitJob(
            results,
            (Function1<scala.collection.Iterator<R>, R> & Serializable) rows -> rows.next(),
            CollectionConverters.asScala(partitions).toSeq(),
            (Function2<Object, R, BoxedUnit>)
                (partition, result) -> {
                  events.add(new Event<>(result, null));
                  return BoxedUnit.UNIT;
                },
            () -> BoxedUnit.UNIT);
  }

  /** Spark's message goes on with the stack traces of the executor and the driver. */
  private static MaltException gaveUp(Throwable failure) {
    Iterator<String> lines = String.valueOf(failure.getMessage()).lines().iterator();
    String first = lines.hasNext() ? lines.next() : failure.toString();
    return new MaltException(
        "Spark gave up: %s; what came back is kept, and the same command goes on from there"
            .formatted(first),
        failure);
  }
}
