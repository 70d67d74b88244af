package malt.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import malt.Seeds;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.Manifest;
import malt.experiment.RunDirectory;
import malt.experiment.Samplers;
import malt.experiment.Stages;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.problem.Benchmark;
import malt.problem.Graders;
import malt.problem.Problem;

/**
 * The collection of a run of GSM8K's size by the paper's preset, from a model that makes its words
 * up: what trees, journal, credit and training sets cost beside sampling. Arguments: questions
 * (7473), tokens a completion (200).
 */
public final class CollectAtScale {
  private static final int PROMPT_TOKENS = 600; // question, answer and critique with their words

  private CollectAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int questions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7473;
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
    Path home = Path.of(System.getProperty("malt.home", "."));
    ExperimentConfig config =
        ExperimentConfig.read(home.resolve("configs/gsm8k-llama-3.1-8b.yaml"), List.of());
    Path root = Files.createTempDirectory("collect-at-scale");
    AtomicLong live = watchHeap();
    long start = System.nanoTime();
    try (RunDirectory run = RunDirectory.open(root, config)) {
      run.begin(new Manifest("scale", "", "", "", "", "", ""));
      MaltExperiment experiment =
          new MaltExperiment(
              config,
              run,
              new Benchmark(
                  "scale", problems(questions), List.of(), List.of(), Graders.named("number")),
              Samplers.of(pretender(tokens)),
              (job, listener) -> {
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
        live.get() >> 20);
  }

  private static List<Problem> problems(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Problem("q" + i, "How many are " + i + " and 1? ".repeat(10), "" + i))
        .toList();
  }

  /** Says filler and, with two chances in three, the right answer. */
  private static LanguageModel pretender(int tokens) {
    return requests -> requests.stream().map(request -> answers(request, tokens)).toList();
  }

  private static List<Completion> answers(SamplingRequest request, int tokens) {
    String question = request.prompt().messages().toString();
    int at = question.indexOf("How many are ") + "How many are ".length();
    String right = question.substring(at, question.indexOf(' ', at));
    List<Completion> answers = new ArrayList<>();
    for (long seed : request.seeds()) {
      StringBuilder text = new StringBuilder();
      int[] ids = new int[tokens];
      float[] logProbs = new float[tokens];
      for (int i = 0; i < tokens; i++) {
        long word = Seeds.mix(seed + i);
        ids[i] = (int) (word >>> 48);
        logProbs[i] = -(word & 0xFF) / 256f;
        text.append("w").append(word & 0xFFF).append(' ');
      }
      text.append("#### ").append(seed % 3 == 0 ? "-1" : right);
      answers.add(
          new Completion(
              text.toString(),
              new int[PROMPT_TOKENS],
              ids,
              logProbs,
              FinishReason.STOP,
              request.adapter(),
              seed));
    }
    return answers;
  }

  /** The most that was ever in use right after a collection, in bytes. */
  private static AtomicLong watchHeap() {
    AtomicLong most = new AtomicLong();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) -> {
                GarbageCollectionNotificationInfo info =
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData());
                long used =
                    info.getGcInfo().getMemoryUsageAfterGc().values().stream()
                        .mapToLong(MemoryUsage::getUsed)
                        .sum();
                most.accumulateAndGet(used, Math::max);
              },
              null,
              null);
    }
    return most;
  }
}
