package malt.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
import malt.torch.generation.PromptCodec;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.training.InitialWeights;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;

/**
 * Sampled tokens a second at batch 1, 32 and 256 on one core, prompts of 60 to 100 random tokens
 * and 150 new ones. Argument: a model directory; without one, a random model of the embedded
 * model's shape.
 *
 * <p>Prints tokens per second of wall time, and per second of processor time (which other processes
 * do not disturb); the best of three runs.
 */
public final class SamplingBenchmark {
  private static final int NEW_TOKENS = 150;
  private static final int RUNS = 3;
  private static final long LEAST_NANOS = 500_000_000L;
  private static final ModelConfig NANO =
      new ModelConfig(
          List.of(ModelConfig.LLAMA), 450, 96, 256, 4, 4, 2, 24, 1e-5, 10000.0, 1024, true);

  private SamplingBenchmark() {}

  public static void main(String[] arguments) {
    try (CausalLm model =
        arguments.length == 0
            ? CausalLm.of(NANO, Weights.of(InitialWeights.of(NANO, 1, 0.02)))
            : CausalLm.load(Path.of(arguments[0]))) {
      System.out.printf("%8s %12s %12s%n", "batch", "tokens/s", "tokens/cpu-s");
      for (int rows : new int[] {1, 32, 256}) {
        measure(model, rows);
      }
    }
  }

  private static void measure(CausalLm model, int rows) {
    List<SamplingRequest> requests = requests(rows);
    double best = 0;
    double bestCpu = 0;
    try (TorchLanguageModel sampler =
        new TorchLanguageModel(
            new RandomTokens(model.config().vocabularySize()),
            new AdapterStore(
                model, PackedModel.Packing.of(model, 1), directory -> LoraAdapter.NONE),
            new GenerationSettings(1, rows))) {
      for (int run = 0; run < RUNS; run++) {
        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        long tokens = 0;
        do {
          for (List<Completion> completions : sampler.sample(requests)) {
            tokens += completions.stream().mapToLong(completion -> completion.ids().length).sum();
          }
        } while (cpuNanos() - cpuStart < LEAST_NANOS);
        best = Math.max(best, tokens * 1e9 / (System.nanoTime() - start));
        bestCpu = Math.max(bestCpu, tokens * 1e9 / (cpuNanos() - cpuStart));
      }
    }
    System.out.printf("%8d %12.0f %12.0f%n", rows, best, bestCpu);
  }

  /** Processor time of the threads that sample; the compiler's and the collector's are apart. */
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("sampler-")) {
        nanos += threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    return nanos;
  }

  /** Groups of up to 3 seeds a prompt, as an expansion asks for them. */
  private static List<SamplingRequest> requests(int rows) {
    SplittableRandom random = new SplittableRandom(rows);
    List<SamplingRequest> requests = new ArrayList<>();
    for (int row = 0; row < rows; row += 3) {
      List<Long> seeds = new ArrayList<>();
      for (int seed = row; seed < Math.min(rows, row + 3); seed++) {
        seeds.add((long) seed);
      }
      String length = String.valueOf(random.nextInt(60, 101));
      requests.add(
          new SamplingRequest(
              new Prompt(List.of(Message.of(Message.Role.USER, length))),
              AdapterRef.BASE,
              new SamplingParams(0.8, 1, NEW_TOKENS),
              seeds));
    }
    return requests;
  }

  /** A prompt's text is its length; nothing ends a completion. */
  private record RandomTokens(int vocabulary) implements PromptCodec {
    @Override
    public int[] encode(Prompt prompt) {
      int length = Integer.parseInt(prompt.messages().get(0).text());
      return new SplittableRandom(length).ints(length, 0, vocabulary).toArray();
    }

    @Override
    public String decode(int[] ids) {
      return "";
    }

    @Override
    public boolean isEnd(int id) {
      return false;
    }

    @Override
    public int padId() {
      return 0;
    }
  }
}
