package malt.report;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import malt.Numbers;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Meaning;
import malt.evaluation.MethodResult;
import org.jspecify.annotations.Nullable;

/**
 * What the run found: the best trained team against the strongest baseline of equal budget, which
 * is as many calls a question, and as many rounds and completions sampled for training.
 *
 * @param table the few rows that it is about
 */
record Headline(String sentence, Optional<Table> table) {
  static Headline of(RunData run) {
    return run.evaluation()
        .map(Headline::of)
        .orElse(new Headline("This run has not been evaluated yet.", Optional.empty()));
  }

  static Headline of(EvaluationReport evaluation) {
    return best(evaluation.methods())
        .map(team -> of(evaluation, team))
        .orElse(
            new Headline(
                "No team that was trained by a whole schedule is among the rows with votes, so"
                    + " there is no gain to report.",
                Optional.empty()));
  }

  private static Headline of(EvaluationReport evaluation, String team) {
    Optional<ComparisonResult> strongest = strongest(evaluation, team);
    String sentence =
        strongest
            .map(comparison -> sentence(evaluation, comparison))
            .orElse(
                "%s, the best trained team, answers %s %% of the questions right; no baseline of"
                        .formatted(team, share(evaluation, team))
                    + " as many calls or fewer is among the rows.");
    return new Headline(
        sentence, Optional.of(table(evaluation, strongest.map(ComparisonResult::b).orElse(null))));
  }

  private static Optional<String> best(Map<String, MethodResult> methods) {
    return methods.entrySet().stream()
        .filter(method -> method.getValue().meaning().full())
        .max(Comparator.comparingDouble(method -> method.getValue().accuracy()))
        .map(Map.Entry::getKey);
  }

  /**
   * Against a baseline that votes too and makes no more calls: the most accurate of those for whose
   * training as much was sampled in as many rounds; where there is none, of all.
   */
  private static Optional<ComparisonResult> strongest(EvaluationReport evaluation, String team) {
    MethodResult own = row(evaluation, team);
    List<ComparisonResult> baselines =
        evaluation.comparisons().stream()
            .filter(comparison -> comparison.a().equals(team))
            .filter(comparison -> isBaseline(row(evaluation, comparison.b()), own.calls()))
            .toList();
    Comparator<ComparisonResult> accuracy =
        Comparator.comparingDouble(comparison -> row(evaluation, comparison.b()).accuracy());
    return baselines.stream()
        .filter(comparison -> sampledAlike(row(evaluation, comparison.b()), own))
        .max(accuracy)
        .or(() -> baselines.stream().max(accuracy));
  }

  private static boolean isBaseline(MethodResult method, int calls) {
    return method.meaning().baseline() && method.meaning().voted() && method.calls() <= calls;
  }

  private static boolean sampledAlike(MethodResult baseline, MethodResult team) {
    return baseline.training().reaches(team.training());
  }

  private static String sentence(EvaluationReport evaluation, ComparisonResult comparison) {
    MethodResult team = row(evaluation, comparison.a());
    MethodResult baseline = row(evaluation, comparison.b());
    return "%s, the best trained team, answers %s %% of the questions right; %s, the strongest"
            .formatted(comparison.a(), share(evaluation, comparison.a()), comparison.b())
        + " baseline of %s, %s %%: %s (95 %% interval %s to %s, Holm-corrected p %s)."
            .formatted(
                equalIn(baseline, team),
                share(evaluation, comparison.b()),
                difference(comparison),
                Numbers.points(comparison.interval().low()),
                Numbers.points(comparison.interval().high()),
                p(comparison.pHolm()))
        + speaksFor(evaluation, comparison)
        + strongerStill(evaluation, team, baseline);
  }

  /** What the baseline has as much of as the team, and what not. */
  private static String equalIn(MethodResult baseline, MethodResult team) {
    String calls =
        baseline.calls() == team.calls()
            ? "as many calls a question (%d)".formatted(team.calls())
            : "no more calls a question (%d, the team %d)"
                .formatted(baseline.calls(), team.calls());
    return sampledAlike(baseline, team)
        ? "%s and as much sampled for training (%s)".formatted(calls, sampled(team))
        : "%s, though not of equal training (%s; the team: %s)"
            .formatted(calls, sampled(baseline), sampled(team));
  }

  private static String sampled(MethodResult method) {
    if (method.meaning().kind() == Meaning.Kind.START) {
      return "trained before this run";
    }
    long rounds = method.training().rounds();
    return method.training().nodes() == 0
        ? "nothing sampled"
        : "%s nodes a seed in %d round%s"
            .formatted(Numbers.grouped(method.training().nodes()), rounds, rounds == 1 ? "" : "s");
  }

  /** A baseline of less training that is better all the same is not passed over. */
  private static String strongerStill(
      EvaluationReport evaluation, MethodResult team, MethodResult compared) {
    return evaluation.methods().values().stream()
        .filter(method -> isBaseline(method, team.calls()))
        .filter(method -> method.accuracy() > compared.accuracy())
        .max(Comparator.comparingDouble(MethodResult::accuracy))
        .map(
            method ->
                " %s, a baseline of another budget (%s), answers %s %%."
                    .formatted(
                        method.meaning().name(),
                        sampled(method),
                        Numbers.percent(method.accuracy())))
        .orElse("");
  }

  private static String speaksFor(EvaluationReport evaluation, ComparisonResult comparison) {
    return switch (comparison.basis()) {
      case SEEDS ->
          " Interval and p are over the %d seeds: they speak for the method."
              .formatted(evaluation.seeds().size());
      case ADAPTERS ->
          " With one seed that speaks for these adapters, not for the method: another seed trains"
              + " others.";
    };
  }

  private static String difference(ComparisonResult comparison) {
    String points = Numbers.points(comparison.difference()) + " points";
    return comparison.interval().contains(0)
        ? points + ", which does not show a difference"
        : points;
  }

  private static String p(double p) {
    String number = Numbers.p(p);
    return number.startsWith("<") ? "< " + number.substring(1) : "= " + number;
  }

  private static Table table(EvaluationReport evaluation, @Nullable String strongest) {
    Set<String> names = new LinkedHashSet<>();
    Optional<MethodResult> single =
        evaluation.methods().values().stream().filter(Headline::isSingle).findFirst();
    single.ifPresent(method -> names.add(method.meaning().name()));
    if (strongest != null) {
      names.add(strongest);
    }
    evaluation
        .methods()
        .forEach(
            (name, method) -> {
              if (method.meaning().full()) {
                names.add(name);
              }
            });
    String over = single.map(base -> "Over " + base.meaning().name()).orElse("Over one answer");
    return Table.of(names)
        .column("Method", name -> name)
        .column("Right %", name -> share(evaluation, name))
        .column(over, name -> single.map(base -> over(row(evaluation, name), base)).orElse("–"))
        .column("Calls", name -> Integer.toString(row(evaluation, name).calls()))
        .titled("");
  }

  /** One answer of the untrained base. */
  private static boolean isSingle(MethodResult method) {
    Meaning meaning = method.meaning();
    return meaning.kind() == Meaning.Kind.BASE && meaning.alone() && !meaning.voted();
  }

  /** The relative gain, as the paper gives it. */
  private static String over(MethodResult method, MethodResult base) {
    return method.equals(base) || base.accuracy() == 0
        ? "–"
        : Numbers.relative((method.accuracy() - base.accuracy()) / base.accuracy());
  }

  private static MethodResult row(EvaluationReport evaluation, String name) {
    MethodResult row = evaluation.methods().get(name);
    if (row == null) {
      throw new IllegalStateException("there is no row " + name);
    }
    return row;
  }

  private static String share(EvaluationReport evaluation, String name) {
    return Numbers.percent(row(evaluation, name).accuracy());
  }
}
