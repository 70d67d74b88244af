package malt.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.weights.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sampled tokens a second against the rows of a batch: how speed grows with them. */
@Command(
    name = "SamplingBenchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Samples 150 tokens after prompts of 60 to 100 random ids, three completions of each.",
      "Prints tokens/s by rows, prefill included: the best of the runs."
    })
public final class SamplingBenchmark implements Callable<Integer> {
  private static final int NEW_TOKENS = 150;
  private static final int SIBLINGS = 3;
  private static final long LEAST_NANOS = 500_000_000L;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "a model directory; default: the embedded model")
  private Path directory = Path.of(System.getProperty("malt.home", ""), "models", "nano");

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.FLOAT32;

  @Option(names = "--rows", paramLabel = "N,N,...", description = "default: ${DEFAULT-VALUE}")
  private String rows = "1,2,4,8,16,32,64,128,256,512";

  @Option(names = "--threads", description = "of one forward; default: ${DEFAULT-VALUE}")
  private int threads = 1;

  @Option(names = "--runs", description = "default: ${DEFAULT-VALUE}")
  private int runs = 3;

  private SamplingBenchmark() {}

  public static void main(String[] arguments) {
    Launcher.launch(new SamplingBenchmark(), arguments);
  }

  @Override
  public Integer call() {
    LibTorch.setThreads(threads);
    try (CausalLm model = CausalLm.load(directory, precision)) {
      System.out.printf("%8s %12s%n", "rows", "tokens/s");
      for (int count : Numbers.list(rows)) {
        System.out.printf("%8d %12.0f%n", count, best(model, count));
      }
    }
    return 0;
  }

  private double best(CausalLm model, int count) {
    List<SamplingRequest> requests = requests(count);
    double best = 0;
    try (TorchLanguageModel sampler =
        new TorchLanguageModel(
            new RandomIds(0, model.config().vocabularySize()),
            new AdapterStore(
                model, PackedModel.Packing.of(model, threads), adapter -> LoraAdapter.NONE),
            new GenerationSettings(1, count))) {
      for (int run = 0; run < runs; run++) {
        long start = System.nanoTime();
        long tokens = 0;
        do {
          for (List<Completion> completions : sampler.sample(requests)) {
            tokens += completions.stream().mapToLong(completion -> completion.ids().length).sum();
          }
        } while (System.nanoTime() - start < LEAST_NANOS);
        best = Math.max(best, tokens * 1e9 / (System.nanoTime() - start));
      }
    }
    return best;
  }

  /** Groups of siblings, as an expansion asks for them; the last one may be smaller. */
  private static List<SamplingRequest> requests(int rows) {
    SplittableRandom random = new SplittableRandom(rows);
    List<SamplingRequest> requests = new ArrayList<>();
    for (int row = 0; row < rows; row += SIBLINGS) {
      List<Long> seeds = new ArrayList<>();
      for (int seed = row; seed < Math.min(rows, row + SIBLINGS); seed++) {
        seeds.add((long) seed);
      }
      Message.Part text = RandomIds.part(row, random.nextInt(60, 101));
      requests.add(
          new SamplingRequest(
              new Prompt(List.of(new Message(Message.Role.USER, List.of(text)))),
              AdapterRef.BASE,
              new SamplingParams(0.8, 1, NEW_TOKENS),
              seeds));
    }
    return requests;
  }
}
