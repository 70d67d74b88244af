package malt.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import malt.Numbers;
import malt.app.run.Benchmarks;
import malt.experiment.Costs;
import malt.experiment.ExperimentConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a run would take, and by what rates. */
final class CostOptions {
  private static final String LINE = "%-34s %7s %11s %8s %9s %7s %8s %9s%n";

  @Option(
      names = "--train-questions",
      paramLabel = "N",
      description = "how many there are; default: what the configuration says, or its file holds")
  private @Nullable Integer train;

  @Option(names = "--test-questions", paramLabel = "N", description = "likewise, of the evaluation")
  private @Nullable Integer test;

  @Option(
      names = "--question-tokens",
      paramLabel = "N",
      description = "tokens of a question on the average; default: ${DEFAULT-VALUE}")
  private int questionTokens = 80;

  @Option(
      names = "--fill",
      paramLabel = "SHARE",
      description =
          "length of a completion on the average, as a share of its limit; default: ${DEFAULT-VALUE}")
  private double fill = 0.5;

  @Option(
      names = "--sampling-rate",
      paramLabel = "R",
      description = "tokens sampled a second, by all servers together")
  private @Nullable Double sampling;

  @Option(
      names = "--reading-rate",
      paramLabel = "R",
      description = "tokens of prompts read a second; default: reading takes no time of its own")
  private @Nullable Double reading;

  @Option(
      names = "--training-rate",
      paramLabel = "R",
      description = "tokens trained on a second, of all roles together")
  private @Nullable Double training;

  private void check() {
    List<String> wrong = new ArrayList<>();
    wrong.addAll(OptionRules.atLeast("--train-questions", 1, train == null ? 1 : train));
    wrong.addAll(OptionRules.atLeast("--test-questions", 1, test == null ? 1 : test));
    wrong.addAll(OptionRules.atLeast("--question-tokens", 1, questionTokens));
    if (!(fill > 0 && fill <= 1)) {
      wrong.add("--fill must be above 0 and at most 1, found " + fill);
    }
    positive("--sampling-rate", sampling, wrong);
    positive("--reading-rate", reading, wrong);
    positive("--training-rate", training, wrong);
    OptionRules.require(wrong);
  }

  private static void positive(String option, @Nullable Double rate, List<String> wrong) {
    if (rate != null && !(rate > 0)) {
      wrong.add("%s must be above 0, found %s".formatted(option, rate));
    }
  }

  void print(ExperimentConfig config, PrintWriter out) {
    check();
    ExperimentConfig.ProblemSettings problems = config.problems();
    Optional<Integer> trained = given(train).or(() -> Benchmarks.counted(problems, "train"));
    Optional<Integer> tested =
        given(test).or(() -> Benchmarks.counted(problems, problems.evaluateOn()));
    if (trained.isEmpty() || tested.isEmpty()) {
      out.printf(
          "%nWhat this takes needs the numbers of questions, and the files of %s are not there yet: --train-questions, --test-questions%n",
          problems.source());
      return;
    }
    Costs.Assumed assumed = new Costs.Assumed(trained.get(), tested.get(), questionTokens, fill);
    out.printf(
        Locale.ROOT,
        "%nEach seed, on %,d training questions and %,d of the evaluation:%n",
        assumed.train(),
        assumed.test());
    out.printf(
        LINE, "stage", "calls", "sequences", "at most", "expected", "read", "journal", "time");
    List<Costs.Stage> stages = Costs.of(config, assumed);
    double seconds = 0;
    boolean timed = true;
    for (Costs.Stage stage : stages) {
      Optional<Double> time = seconds(stage);
      timed &= time.isPresent();
      seconds += time.orElse(0.0);
      print(stage, time, out);
    }
    Optional<Double> all = timed ? Optional.of(seconds) : Optional.empty();
    print(Costs.sum("all", stages), all, out);
    int seeds = config.seeds().size();
    if (seeds > 1) {
      out.printf(
          "%d seeds%s%n",
          seeds,
          timed
              ? ", one after the other: " + Numbers.duration(seconds * seeds)
              : " take as much each");
    }
    if (!timed) {
      out.println("No time without --sampling-rate and --training-rate.");
    }
  }

  private static Optional<Integer> given(@Nullable Integer number) {
    return Optional.ofNullable(number);
  }

  private Optional<Double> seconds(Costs.Stage stage) {
    Double rate = stage.trains() ? training : sampling;
    if (rate == null) {
      return Optional.empty();
    }
    return Optional.of(stage.expected() / rate + (reading == null ? 0 : stage.read() / reading));
  }

  private static void print(Costs.Stage stage, Optional<Double> seconds, PrintWriter out) {
    out.printf(
        LINE,
        stage.name(),
        Numbers.grouped(stage.calls()),
        Numbers.grouped(stage.sequences()),
        Numbers.rounded(stage.most()),
        Numbers.rounded(stage.expected()),
        Numbers.rounded(stage.read()),
        Numbers.rounded(stage.bytes()) + "B",
        seconds.map(Numbers::duration).orElse("-"));
  }
}
