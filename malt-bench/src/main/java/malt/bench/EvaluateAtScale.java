package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.evaluation.PaperNumbers;
import malt.experiment.EvaluationTask;
import malt.experiment.RunLayout;
import malt.problem.Benchmark;
import malt.problem.Graders;

/**
 * The evaluation of one team of three on a test set of MATH's size, with three passes of long texts
 * from a model that makes its words up: what passes, journal, grading and votes cost beside
 * sampling. Arguments: questions (5000), tokens a completion (2000).
 */
public final class EvaluateAtScale {
  private static final String ROWS = "SA, SA+MV, MA, MA+MV";

  private EvaluateAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int questions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
    Benchmark benchmark =
        new Benchmark(
            "scale",
            List.of(),
            List.of(),
            Pretender.problems(questions),
            Graders.named("number-lenient"));
    Path root = Files.createTempDirectory("evaluate-at-scale");
    HeapWatch heap = HeapWatch.start();
    long start = System.nanoTime();
    EvaluationTask task =
        new EvaluationTask(
            "test",
            benchmark.test(),
            benchmark.name(),
            benchmark.grader(),
            ROWS,
            PaperNumbers.of(""),
            new RunLayout(root));
    Pretender.experiment(root, benchmark, tokens, experiment -> experiment.evaluate(task));
    System.out.printf(
        "%,d passes of 3 x %,d tokens in %.0f s, journal %,d MB, largest heap in use after a"
            + " collection %,d MB%n",
        questions * 3L,
        tokens,
        (System.nanoTime() - start) / 1e9,
        Files.size(root.resolve("seed-1/journal.db")) >> 20,
        heap.megabytes());
  }
}
