package malt.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import malt.agent.Judgement;
import malt.evaluation.Comparison;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluatedTeam;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Flips;
import malt.evaluation.GradingCounts;
import malt.evaluation.Interval;
import malt.evaluation.Meaning;
import malt.evaluation.Method;
import malt.evaluation.MethodResult;
import malt.evaluation.PaperNumbers;
import malt.evaluation.PaperTable;
import malt.evaluation.Study;
import malt.evaluation.TrainingCost;
import malt.evaluation.Turn;
import malt.evaluation.VerifierQuality;
import malt.experiment.RunLayout;
import malt.experiment.TinyConfig;
import malt.experiment.ToyExperiment;
import malt.training.AdapterTrainer;
import malt.training.RecordingTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * Runs for tests and to look at the report: a small experiment with a scripted model, whose
 * evaluation is one of made-up numbers.
 */
final class SyntheticRun {
  private static final List<Turn> TURNS =
      List.of(
          new Turn("generator", "generator", null),
          new Turn("verifier", "verifier", new Judgement(0, "wrong", false)),
          new Turn("refiner", "refiner", null));
  private static final int QUESTIONS = 2000;
  private static final EvaluatedTeam BASE = team(Meaning.base(TURNS));
  private static final EvaluatedTeam JOINT = malt("joint", "", "");
  private static final String OURS =
      "the first role trained first, the others on trees sampled with it";
  private static final List<EvaluatedTeam> TEAMS =
      List.of(
          BASE,
          team(Meaning.imitation("joint", "", "", TURNS, true)),
          JOINT,
          team(JOINT.meaning().with(Study.untrained(TURNS, "verifier"))),
          team(JOINT.meaning().with(Study.shuffled(TURNS, 1))),
          team(
              JOINT
                  .meaning()
                  .with(
                      new Study(
                          Study.Change.SWAPPED_ADAPTERS,
                          List.of("refiner"),
                          "verifier's adapter on the refiner & <script>",
                          "here with <script>"))),
          team(Meaning.imitation("generator-first", "GF", OURS, TURNS, true)),
          malt("generator-first", "GF", OURS),
          new EvaluatedTeam(Meaning.debate(3, "these were taught to give way"), TURNS, false));

  private final Random random = new Random(7);
  private final List<Long> seeds;

  private SyntheticRun(int seeds) {
    this.seeds = LongStream.rangeClosed(1, seeds).boxed().toList();
  }

  private static EvaluatedTeam team(Meaning meaning) {
    return new EvaluatedTeam(meaning, TURNS, false);
  }

  private static EvaluatedTeam malt(String schedule, String label, String remark) {
    List<String> both = List.of("SFT", "DPO");
    Map<String, List<String>> methods =
        Map.of("generator", List.of("SFT"), "verifier", both, "refiner", both);
    return team(Meaning.malt(schedule, label, remark, TURNS, methods));
  }

  /** A complete run of the seeds given. */
  static Path write(Path root, int seeds) {
    SyntheticRun run = new SyntheticRun(seeds);
    toy(root, run.seeds).run(ToyExperiment.model(), run.trainer());
    EvaluationFiles.write(new RunLayout(root).evaluation(), run.evaluation());
    return root;
  }

  /** A run that has only begun. */
  static Path begin(Path root) {
    toy(root, List.of(1L)).use(ToyExperiment.model(), new RecordingTrainer(), experiment -> {});
    return root;
  }

  /** A run that has only begun, with the numbers of two or three rows. */
  static Path small(Path root, double team, double single, double baseline, double half) {
    begin(root);
    SyntheticRun run = new SyntheticRun(1);
    List<Method> methods =
        Method.named(PaperTable.methods(List.of(BASE, JOINT), 3), "SA, MA+MV, MALT+MV");
    Map<String, Double> accuracies = Map.of("SA", single, "MA+MV", baseline, "MALT+MV", team);
    EvaluationFiles.write(
        new RunLayout(root).evaluation(),
        run.evaluation(methods, accuracies, half, PaperNumbers.of("")));
    return root;
  }

  private static ToyExperiment toy(Path root, List<Long> seeds) {
    return new ToyExperiment(root, TinyConfig.with("name=synthetic", "seeds=" + seeds));
  }

  /** Writes the report's page, document and table of a synthetic run under the directory given. */
  public static void main(String[] arguments) throws IOException {
    Path run = write(Files.createDirectories(Path.of(arguments[0])).resolve("synthetic"), 5);
    System.out.println(HtmlReport.write(run, SyntheticTrees.of(12, 3)));
    System.out.println(MarkdownReport.write(run, Path.of(arguments[0], "results")));
    System.out.println(ResultTable.read(run));
  }

  private AdapterTrainer trainer() {
    AdapterTrainer recording = new RecordingTrainer();
    return (jobs, listener) ->
        recording.train(
            jobs,
            new TrainingListener() {
              @Override
              public void step(TrainingJob job, TrainingStep step) {
                boolean preference = job.method().label().equals("dpo");
                int steps = preference ? 75 : 120; // as many as make a curve
                for (int drawn = 1; step.step() == 1 && drawn <= steps; drawn++) {
                  listener.step(
                      job, new TrainingStep(drawn, steps, 800, metrics(preference, drawn, steps)));
                }
              }

              @Override
              public void finished(TrainingJob job) {
                listener.finished(job);
              }
            });
  }

  private Map<String, Double> metrics(boolean preference, int step, int steps) {
    double done = (double) step / steps;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", (preference ? 0.69 : 0.9) - 0.3 * done + noise());
    metrics.put("learning_rate", 1e-3 * (1 - done));
    if (preference) {
      metrics.put("rewards/chosen", 0.2 * done + noise());
      metrics.put("rewards/rejected", -0.9 * done + noise());
      metrics.put("rewards/margins", 1.1 * done + noise());
      metrics.put("rewards/accuracies", Math.min(1, 0.5 + 0.4 * done + noise()));
      metrics.put("logps/chosen", -30 - 4 * done + noise());
      metrics.put("logps/rejected", -31 - 12 * done + noise());
    }
    return metrics;
  }

  private double noise() {
    return 0.05 * random.nextGaussian();
  }

  private EvaluationReport evaluation() {
    Map<String, Double> accuracies = new LinkedHashMap<>();
    accuracies.put("SA", 0.523);
    accuracies.put("SA+MV", 0.551);
    accuracies.put("MA", 0.531);
    accuracies.put("MA+MV", 0.562);
    accuracies.put("STaR SA", 0.547);
    accuracies.put("STaR SA+MV", 0.569);
    accuracies.put("STaR MA", 0.561);
    accuracies.put("STaR MA+MV", 0.588);
    accuracies.put("STaR MA GF", 0.574);
    accuracies.put("STaR MA GF+MV", 0.601);
    accuracies.put("MALT", 0.598);
    accuracies.put("MALT+MV", 0.631);
    accuracies.put("MALT GF", 0.631);
    accuracies.put("MALT GF+MV", 0.668);
    accuracies.put("debate", 0.557);
    accuracies.put("MALT+MV, untrained verifier", 0.594);
    accuracies.put("MALT+MV, shuffled critiques", 0.566);
    accuracies.put("MALT+MV, verifier's adapter on the refiner & <script>", 0.412);
    PaperNumbers paper =
        new PaperNumbers(
            "synthetic-8b",
            Map.of(
                "SA", new PaperNumbers.Published(0.8425, 0.0228),
                "debate", new PaperNumbers.Published(0.52, null)));
    return evaluation(PaperTable.methods(TEAMS, 3), accuracies, 0.018, paper);
  }

  private EvaluationReport evaluation(
      List<Method> methods, Map<String, Double> accuracies, double half, PaperNumbers paper) {
    Map<String, List<Turn>> teams = new LinkedHashMap<>();
    Map<String, MethodResult> rows = new LinkedHashMap<>();
    Map<String, GradingCounts> grading = new LinkedHashMap<>();
    for (Method method : methods) {
      teams.put(method.team(), TURNS);
      rows.put(method.name(), row(method, accuracies.get(method.name())));
      grading.put(method.name(), new GradingCounts(90000, 12, 6, 0));
    }
    List<ComparisonResult> comparisons = new ArrayList<>();
    for (Comparison comparison : PaperTable.comparisons(methods)) {
      comparisons.add(comparison(comparison, accuracies, half));
    }
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        "synthetic",
        "2026-01-02T03:04:05Z",
        "models/nano",
        "arithmetic in words",
        "number after ####",
        QUESTIONS,
        seeds,
        3,
        paper,
        "made up",
        "With 2,000 questions a difference of 2.1 points is detected.",
        teams,
        rows,
        comparisons,
        turns(),
        flips(),
        verifiers(),
        grading);
  }

  private MethodResult row(Method method, double accuracy) {
    List<MethodResult.SeedResult> results = new ArrayList<>();
    for (long seed : seeds) {
      double own = accuracy + 0.012 * random.nextGaussian();
      results.add(new MethodResult.SeedResult(seed, QUESTIONS, (long) (QUESTIONS * own), own));
    }
    long n = (long) QUESTIONS * seeds.size();
    return new MethodResult(
        method.team(),
        method.meaning(),
        n,
        (long) (n * accuracy),
        7,
        accuracy,
        new Interval(accuracy - 0.01, accuracy + 0.01),
        "made up",
        method.strategy().calls(TURNS.size()),
        31.5 * method.strategy().calls(TURNS.size()),
        cost(method.meaning()),
        results);
  }

  /** A schedule with a label has two rounds. */
  private static TrainingCost cost(Meaning meaning) {
    int rounds = meaning.schedule() == null ? 0 : meaning.label().isEmpty() ? 1 : 2;
    return new TrainingCost(rounds, 15_600 * rounds, 500_000 * rounds, 900_000 * rounds);
  }

  private ComparisonResult comparison(
      Comparison comparison, Map<String, Double> accuracies, double half) {
    double b = accuracies.get(comparison.b());
    double difference = accuracies.get(comparison.a()) - b;
    double p = Math.exp(-Math.abs(difference) * 260);
    return new ComparisonResult(
        comparison.a(),
        comparison.b(),
        difference,
        seeds.size() > 1 ? ComparisonResult.Basis.SEEDS : ComparisonResult.Basis.ADAPTERS,
        new Interval(difference - half, difference + half),
        b == 0 ? null : Double.valueOf(difference / b),
        p,
        Math.min(1, 4 * p),
        new ComparisonResult.Given(
            new Interval(difference - half / 2, difference + half / 2), p / 2),
        0.021,
        seeds.stream().map(seed -> new ComparisonResult.McNemar(seed, 312, 208, 0.002)).toList());
  }

  private static Map<String, Map<String, @Nullable Double>> turns() {
    Map<String, Map<String, @Nullable Double>> turns = new LinkedHashMap<>();
    turns.put("MA", turn(0.523, 0.523, 0.531));
    turns.put("MALT", turn(0.547, 0.551, 0.598));
    return turns;
  }

  private static Map<String, @Nullable Double> turn(double... accuracies) {
    Map<String, @Nullable Double> turn = new LinkedHashMap<>();
    for (int i = 0; i < accuracies.length; i++) {
      turn.put(TURNS.get(i).name(), accuracies[i]);
    }
    return turn;
  }

  private static Map<String, Flips> flips() {
    Map<String, Flips> flips = new LinkedHashMap<>();
    flips.put("MA", new Flips(14000, 1700, 1900, 12400));
    flips.put("MALT", new Flips(14600, 900, 3300, 11200));
    return flips;
  }

  private static Map<String, Map<String, VerifierQuality>> verifiers() {
    Map<String, Map<String, VerifierQuality>> verifiers = new LinkedHashMap<>();
    verifiers.put("MA", Map.of("verifier", new VerifierQuality(0.41, 0.22, 0.595, 14100, 15900)));
    verifiers.put("MALT", Map.of("verifier", new VerifierQuality(0.69, 0.12, 0.785, 14100, 15900)));
    return verifiers;
  }
}
