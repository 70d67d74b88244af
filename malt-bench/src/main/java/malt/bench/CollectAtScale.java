package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.experiment.MaltExperiment;
import malt.problem.Benchmark;
import malt.problem.Graders;

/**
 * The collection of a run of GSM8K's size by the paper's preset, from a model that makes its words
 * up: what trees, journal, credit and training sets cost beside sampling. Arguments: questions
 * (7473), tokens a completion (200).
 */
public final class CollectAtScale {
  private CollectAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int questions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7473;
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
    Benchmark benchmark =
        new Benchmark(
            "scale", Pretender.problems(questions), List.of(), List.of(), Graders.named("number"));
    Path root = Files.createTempDirectory("collect-at-scale");
    HeapWatch heap = HeapWatch.start();
    long start = System.nanoTime();
    Pretender.experiment(root, benchmark, tokens, MaltExperiment::collect);
    System.out.printf(
        "%,d nodes in %.0f s, journal %,d MB, largest heap in use after a collection %,d MB%n",
        questions * 39L,
        (System.nanoTime() - start) / 1e9,
        Files.size(root.resolve("seed-1/journal.db")) >> 20,
        heap.megabytes());
  }
}
