package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.app.tool.TrainingRows;
import malt.model.AdapterRef;
import malt.model.Dtype;
import malt.torch.local.LocalModel;
import malt.torch.tensor.Device;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TokenSequence;
import malt.torch.training.TrainingData;
import malt.torch.training.TrainingResources;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Tokens a second of training an adapter on a file of texts. A token is an id of a prompt or
 * completion, of both sides for DPO; the reference's pass takes time and counts none.
 */
@Command(
    name = "TrainingBenchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Trains an adapter on the first rows of a file of texts, for one epoch.",
      "Prints seconds, seconds a step, tokens/s and peak memory."
    })
public final class TrainingBenchmark implements Callable<Integer> {
  private static final LoraSettings LORA =
      new LoraSettings(
          16,
          32,
          false,
          List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));
  private static final double LEARNING_RATE = 1e-4;
  private static final double BETA = 0.1; // TRL's default

  /** What is trained. */
  enum Loss {
    SFT,
    DPO
  }

  @Parameters(index = "0", paramLabel = "LOSS", description = "${COMPLETION-CANDIDATES}")
  private Loss loss = Loss.SFT;

  @Parameters(index = "1", paramLabel = "DIR", description = "a model directory")
  private Path directory = Path.of("");

  @Parameters(
      index = "2",
      paramLabel = "FILE",
      description = "JSON lines: prompt, completion; or prompt, chosen, rejected")
  private Path data = Path.of("");

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Dtype dtype = Dtype.FLOAT32;

  @Option(names = "--threads", description = "that share a batch; default: all processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--batch", description = "rows of a step; default: ${DEFAULT-VALUE}")
  private int batch = 4;

  @Option(names = "--steps", description = "default: ${DEFAULT-VALUE}")
  private int steps = 4;

  @Option(names = "--batch-tokens", description = "of a forward; default: ${DEFAULT-VALUE}")
  private int batchTokens = 2048;

  @Option(names = "--recompute-activations", description = "less memory, a third more work")
  private boolean recompute;

  @Option(names = "--json", description = "a line of JSON instead")
  private boolean json;

  private TrainingBenchmark() {}

  public static void main(String[] arguments) {
    Launcher.launch(new TrainingBenchmark(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("training-benchmark");
    try (LocalModel model =
        LocalModel.open(
            directory,
            new LocalModel.Settings(
                directory.toString(), dtype, Device.cpu(threads), UnaryOperator.identity()))) {
      TrainingMethod method = method();
      List<List<TokenSequence>> rows = rows(new TrainingRows(model), method);
      TrainingJob job =
          new TrainingJob(
              method.label(), method, data, AdapterRef.BASE, LORA, 1, work.resolve("adapter"));
      TrainingResources resources = new TrainingResources(batchTokens, recompute, model.threads());
      LoraTrainer trainer =
          new LoraTrainer(model.base(), model.lora(), (file, same) -> rows, resources, 1);
      long start = System.nanoTime();
      trainer.train(List.of(job), (same, step) -> {});
      double seconds = (System.nanoTime() - start) / 1e9;
      Measurement measured = new Measurement(List.of(seconds), tokens(rows));
      System.out.println(
          json
              ? measured.json()
              : "%s, %s, %s, %d threads, %d steps of %d rows: %.1f s, %.2f s a step, %.0f tokens/s, peak memory %.2f GB"
                  .formatted(
                      job.name(),
                      directory,
                      dtype,
                      threads,
                      steps,
                      batch,
                      seconds,
                      seconds / steps,
                      measured.tokensPerSecond(),
                      PeakMemory.ofThisProcess() / 1e9));
    } finally {
      delete(work);
    }
    return 0;
  }

  private TrainingMethod method() {
    OptimizerSettings optimizer =
        new OptimizerSettings(LEARNING_RATE, 0.9, 0.999, 0, 0, 0.1, 1, batch, 1);
    return switch (loss) {
      case SFT -> new SftSettings(optimizer);
      case DPO -> new DpoSettings(optimizer, BETA, 0, false);
    };
  }

  /** Those of the steps, in memory. */
  private List<List<TokenSequence>> rows(TrainingData texts, TrainingMethod method) {
    List<List<TokenSequence>> rows = texts.read(data, method);
    if (rows.size() < batch * steps) {
      throw new ConfigException(
          "%s holds %d rows, fewer than the %d of %d steps"
              .formatted(data, rows.size(), batch * steps, steps));
    }
    return List.copyOf(rows.subList(0, batch * steps));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long tokens(List<List<TokenSequence>> rows) {
    return rows.stream()
        .flatMap(List::stream)
        .mapToLong(sequence -> sequence.prompt().length + sequence.completion().length)
        .sum();
  }
}
