package malt.experiment;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.Seeds;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.ScriptedModel;
import malt.problem.Benchmark;
import malt.problem.ToyBenchmark;
import malt.training.AdapterTrainer;

/** An experiment over four additions with a scripted model; the trained one is right more often. */
public final class ToyExperiment {
  static final Benchmark BENCHMARK = benchmark(ToyBenchmark.of(4, 0, 8));
  private static final Pattern QUESTION = Pattern.compile("What is (\\d+) \\+ (\\d+) \\?");

  private final Path root;
  private final ExperimentConfig config;
  private final Benchmark benchmark;
  private final List<String> warnings = new ArrayList<>();

  public ToyExperiment(Path root, ExperimentConfig config) {
    this(root, config, BENCHMARK);
  }

  ToyExperiment(Path root, ExperimentConfig config, Benchmark benchmark) {
    this.root = root;
    this.config = config;
    this.benchmark = benchmark;
  }

  /** Four questions to train on, four to test, and four more. */
  private static Benchmark benchmark(Benchmark toy) {
    return new Benchmark(
        toy.name(), toy.train(), toy.test().subList(4, 8), toy.test().subList(0, 4), toy.grader());
  }

  /** One use of the experiment. */
  @FunctionalInterface
  public interface Use {
    void of(MaltExperiment experiment);
  }

  public void use(LanguageModel model, AdapterTrainer trainer, Use use) {
    use(Samplers.of(model), trainer, use);
  }

  void use(Samplers samplers, AdapterTrainer trainer, Use use) {
    use(samplers, trainer, stages(), use);
  }

  void use(Samplers samplers, AdapterTrainer trainer, Stages stages, Use use) {
    try (RunDirectory directory = RunDirectory.open(root, config)) {
      directory.begin(TinyConfig.manifest("base"));
      Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
      use.of(new MaltExperiment(config, directory, benchmark, samplers, trainer, stages, clock));
    }
  }

  /** The four additions. */
  public static Benchmark benchmark() {
    return BENCHMARK;
  }

  public void run(LanguageModel model, AdapterTrainer trainer) {
    use(model, trainer, MaltExperiment::run);
  }

  List<String> warnings() {
    return warnings;
  }

  private Stages stages() {
    return new Stages() {
      @Override
      public Stage start(Task task, String unit, long total) {
        return Stages.silent().start(task, unit, total);
      }

      @Override
      public void warn(String sentence) {
        warnings.add(sentence);
      }
    };
  }

  public static ScriptedModel model() {
    return new ScriptedModel(ToyExperiment::answer);
  }

  private static String answer(String prompt, AdapterRef adapter, long seed) {
    if (prompt.endsWith("Check the answer.<|assistant|>")) {
      return (Seeds.uniform(Seeds.of(seed, "flag")) < 0.5 ? "wrong " : "fine ")
          + Math.floorMod(seed, 4);
    }
    boolean right = Seeds.uniform(seed) < (adapter.isBase() ? 0.4 : 0.8);
    return "#### " + (right ? sum(prompt) : 1000 + Math.floorMod(seed, 3));
  }

  static int sum(String prompt) {
    Matcher question = QUESTION.matcher(prompt);
    if (!question.find()) {
      throw new IllegalArgumentException("no question in " + prompt);
    }
    return Integer.parseInt(question.group(1)) + Integer.parseInt(question.group(2));
  }
}
