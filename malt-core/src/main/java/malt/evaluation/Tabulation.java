package malt.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.Seeds;
import org.jspecify.annotations.Nullable;

/** Puts the evaluations of all teams and seeds together into a report. */
final class Tabulation {
  static final int RESAMPLES = 10_000;

  private final List<TeamEvaluation> evaluations;
  private final List<Method> methods;
  private final Map<String, OutcomeTable> tables = new LinkedHashMap<>();

  Tabulation(List<TeamEvaluation> evaluations, List<Method> methods) {
    this.evaluations = evaluations;
    this.methods = methods;
    if (methods.isEmpty()) {
      throw new ConfigException("no method to report: no team was evaluated");
    }
    for (Method method : methods) {
      List<QuestionOutcome> outcomes =
          of(method.team())
              .flatMap(evaluation -> evaluation.outcomes().stream())
              .filter(outcome -> outcome.method().equals(method.name()))
              .toList();
      if (outcomes.isEmpty()) {
        throw new ConfigException(
            "method %s reads team %s, of which nothing was evaluated"
                .formatted(method.name(), method.team()));
      }
      if (tables.put(method.name(), OutcomeTable.of(method.name(), outcomes)) != null) {
        throw new ConfigException("two methods are called " + method.name());
      }
    }
    checkSameQuestions();
  }

  private void checkSameQuestions() {
    String first = methods.get(0).name();
    List<String> ids = table(first).problemIds();
    for (Map.Entry<String, OutcomeTable> entry : tables.entrySet()) {
      if (!entry.getValue().problemIds().equals(ids)) {
        throw new MalformedDataException(
            "methods %s and %s were evaluated on different questions (%d and %d)"
                .formatted(first, entry.getKey(), ids.size(), entry.getValue().questions()));
      }
    }
  }

  static Bootstrap bootstrap(String... subject) {
    return new Bootstrap(RESAMPLES, Seeds.of(0, (Object[]) subject));
  }

  EvaluationReport report(EvaluationSubject subject, List<Comparison> comparisons) {
    List<ComparisonResult> results = compare(comparisons);
    int questions = table(methods.get(0).name()).questions();
    TreeSet<Long> seeds = new TreeSet<>();
    tables.values().forEach(table -> seeds.addAll(table.seeds()));
    Map<String, MethodResult> rows = new LinkedHashMap<>();
    Map<String, GradingCounts> grading = new LinkedHashMap<>();
    Map<String, TeamDiagnosis> diagnoses = new LinkedHashMap<>();
    for (Method method : methods) {
      rows.put(method.name(), row(method));
      grading.put(method.name(), grading(method));
      TeamDiagnosis diagnosis = diagnosis(method.team());
      if (diagnosis != null) {
        diagnoses.put(method.team(), diagnosis);
      }
    }
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        subject.name(),
        subject.created().toString(),
        subject.model(),
        subject.benchmark(),
        subject.grader(),
        questions,
        List.copyOf(seeds),
        subject.votes(),
        subject.paper().only(rows.keySet()),
        Explanation.ofTests(results.size(), RESAMPLES, table(methods.get(0).name()).clusters()),
        Explanation.ofPower(questions, seeds.size(), results),
        teams(),
        rows,
        results,
        turns(diagnoses),
        flips(diagnoses),
        verifiers(diagnoses),
        grading);
  }

  private List<ComparisonResult> compare(List<Comparison> comparisons) {
    List<ComparisonResult> results = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      results.add(PairedComparison.of(comparison, table(comparison.a()), table(comparison.b())));
    }
    double[] corrected =
        HolmCorrection.of(results.stream().mapToDouble(ComparisonResult::p).toArray());
    return IntStream.range(0, corrected.length)
        .mapToObj(i -> results.get(i).withHolm(corrected[i]))
        .toList();
  }

  private OutcomeTable table(String method) {
    OutcomeTable table = tables.get(method);
    if (table == null) {
      throw new ConfigException(
          "a comparison names method %s; known: %s"
              .formatted(method, String.join("; ", tables.keySet())));
    }
    return table;
  }

  private MethodResult row(Method method) {
    OutcomeTable table = table(method.name());
    List<MethodResult.SeedResult> bySeed = new ArrayList<>();
    int questions = table.questions();
    for (long seed : table.seeds()) {
      long correct = Arrays.stream(table.column(seed)).sum();
      bySeed.add(
          new MethodResult.SeedResult(seed, questions, correct, (double) correct / questions));
    }
    long correct = bySeed.stream().mapToLong(MethodResult.SeedResult::correct).sum();
    long n = (long) questions * bySeed.size();
    Clusters clusters = table.clusters();
    boolean several = bySeed.size() > 1;
    double[] accuracies = bySeed.stream().mapToDouble(MethodResult.SeedResult::accuracy).toArray();
    Interval interval =
        several
            ? SeedTest.of(accuracies)
                .interval()
                .and(bootstrap(method.name()).overQuestions(table.columns(table.seeds()), clusters))
            : clusters.together()
                ? bootstrap(method.name()).overQuestions(table.columns(table.seeds()), clusters)
                : Interval.wilson(correct, n);
    String kind =
        several
            ? Explanation.STUDENT
            : clusters.together() ? Explanation.CLUSTER_BOOTSTRAP : Explanation.WILSON;
    return new MethodResult(
        method.team(),
        method.meaning(),
        n,
        correct,
        table.ungradable(),
        (double) correct / n,
        interval,
        kind,
        method.strategy().calls(turns(method.team()).size()),
        (double) tokens(method) / n,
        TrainingCost.mean(trained(method)),
        bySeed);
  }

  private long tokens(Method method) {
    return of(method.team())
        .mapToLong(evaluation -> evaluation.tokens().getOrDefault(method.name(), 0L))
        .sum();
  }

  private List<TrainingCost> trained(Method method) {
    return of(method.team())
        .map(each -> each.training().getOrDefault(method.name(), TrainingCost.NONE))
        .toList();
  }

  private Stream<TeamEvaluation> of(String team) {
    return evaluations.stream().filter(evaluation -> evaluation.team().equals(team));
  }

  private Map<String, List<Turn>> teams() {
    Map<String, List<Turn>> teams = new LinkedHashMap<>();
    for (Method method : methods) {
      teams.putIfAbsent(method.team(), turns(method.team()));
    }
    return teams;
  }

  private List<Turn> turns(String team) {
    return of(team).findFirst().orElseThrow().turns();
  }

  private GradingCounts grading(Method method) {
    return evaluations.stream()
        .map(evaluation -> evaluation.grading().get(method.name()))
        .filter(Objects::nonNull)
        .reduce(GradingCounts.NONE, GradingCounts::plus);
  }

  private @Nullable TeamDiagnosis diagnosis(String team) {
    return of(team)
        .map(TeamEvaluation::diagnosis)
        .filter(Objects::nonNull)
        .reduce(TeamDiagnosis::plus)
        .orElse(null);
  }

  private static Map<String, Map<String, @Nullable Double>> turns(
      Map<String, TeamDiagnosis> diagnoses) {
    Map<String, Map<String, @Nullable Double>> turns = new LinkedHashMap<>();
    diagnoses.forEach((team, diagnosis) -> turns.put(team, diagnosis.accuracies()));
    return turns;
  }

  private static Map<String, Flips> flips(Map<String, TeamDiagnosis> diagnoses) {
    Map<String, Flips> flips = new LinkedHashMap<>();
    diagnoses.forEach((team, diagnosis) -> flips.put(team, diagnosis.flips()));
    return flips;
  }

  private static Map<String, Map<String, VerifierQuality>> verifiers(
      Map<String, TeamDiagnosis> diagnoses) {
    Map<String, Map<String, VerifierQuality>> verifiers = new LinkedHashMap<>();
    diagnoses.forEach(
        (team, diagnosis) -> {
          if (!diagnosis.judges().isEmpty()) {
            verifiers.put(team, diagnosis.judges());
          }
        });
    return verifiers;
  }
}
