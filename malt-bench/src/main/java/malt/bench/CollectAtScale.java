package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.Manifest;
import malt.experiment.RunDirectory;
import malt.experiment.Samplers;
import malt.experiment.Stages;
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
    Path home = Path.of(System.getProperty("malt.home", "."));
    ExperimentConfig config =
        ExperimentConfig.read(home.resolve("configs/gsm8k-llama-3.1-8b.yaml"), List.of());
    Path root = Files.createTempDirectory("collect-at-scale");
    HeapWatch heap = HeapWatch.start();
    long start = System.nanoTime();
    try (RunDirectory run = RunDirectory.open(root, config)) {
      run.begin(new Manifest("scale", "", "", "", "", "", ""));
      MaltExperiment experiment =
          new MaltExperiment(
              config,
              run,
              new Benchmark(
                  "scale",
                  Pretender.problems(questions),
                  List.of(),
                  List.of(),
                  Graders.named("number")),
              Samplers.of(new Pretender(tokens, 1 << 16)),
              (jobs, listener) -> {
                throw new IllegalStateException("nothing is trained");
              },
              Stages.silent(),
              Clock.systemUTC());
      experiment.collect();
    }
    System.out.printf(
        "%,d nodes in %.0f s, journal %,d MB, largest heap in use after a collection %,d MB%n",
        questions * 39L,
        (System.nanoTime() - start) / 1e9,
        Files.size(root.resolve("seed-1/journal.db")) >> 20,
        heap.megabytes());
  }
}
