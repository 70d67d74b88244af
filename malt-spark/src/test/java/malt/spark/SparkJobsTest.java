package malt.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

final class SparkJobsTest {
  private static final List<Integer> TASKS = IntStream.range(0, 500).boxed().toList();

  /** What Spark itself takes for a task, which docs/spark.md reckons with, is told on the way. */
  @Test
  void each_result_is_taken_once(TestReporter reporter) {
    SparkConf conf =
        new SparkConf().setMaster("local[2]").setAppName("tasks").set("spark.ui.enabled", "false");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      SparkJobs jobs = new SparkJobs(context);
      List<Integer> taken = new ArrayList<>();
      jobs.each("warm up", TASKS, task -> task, taken::add);
      taken.clear();
      long start = System.nanoTime();
      jobs.each("squares", TASKS, task -> task * task, taken::add);
      double milliseconds = (System.nanoTime() - start) / 1e6;
      assertThat(taken)
          .containsExactlyInAnyOrderElementsOf(TASKS.stream().map(task -> task * task).toList());
      reporter.publishEntry("milliseconds a task", "%.2f".formatted(milliseconds / TASKS.size()));
    }
  }
}
