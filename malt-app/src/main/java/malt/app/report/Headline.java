package malt.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import malt.app.report.run.Comparison;
import malt.app.report.run.Evaluation;
import malt.app.report.run.MethodResult;
import malt.app.report.run.RunData;
import malt.app.text.Numbers;

/** What the run found, in a few sentences, whichever way it went. */
final class Headline {
  private static final List<String> EQUAL_COMPUTE =
      List.of("SA+MV", "MA+MV", "STaR SA+MV", "STaR MA+MV", "debate");

  private final Evaluation evaluation;

  private Headline(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  static List<String> of(RunData run) {
    return run.evaluation()
        .map(Headline::of)
        .orElse(List.of("This run has not been evaluated yet."));
  }

  static List<String> of(Evaluation evaluation) {
    return new Headline(evaluation).sentences();
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    Optional<MethodResult> single = evaluation.method("SA");
    for (String name : List.of("MALT+MV", "MALT GF+MV", "MALT SF+MV")) {
      evaluation
          .method(name)
          .ifPresent(team -> single.ifPresent(base -> sentences.add(gain(team, base))));
    }
    for (String name : List.of("MALT+MV", "MALT GF+MV", "MALT SF+MV")) {
      evaluation
          .method(name)
          .ifPresent(
              team -> strongest().ifPresent(other -> sentences.add(againstStrongest(team, other))));
    }
    return sentences.isEmpty()
        ? List.of("MALT+MV and SA are not both among the rows, so there is no gain to report.")
        : sentences;
  }

  private String gain(MethodResult team, MethodResult single) {
    String start =
        "%s answers %s %% of the questions right, the untrained single agent (SA) %s %%"
            .formatted(spoken(team.name()), share(team), share(single));
    return start + relative(team, single) + evidence(team.name(), single.name());
  }

  private static String relative(MethodResult team, MethodResult single) {
    if (single.accuracy() == 0) {
      return " (a relative gain over nothing right cannot be given)";
    }
    double relative = (team.accuracy() - single.accuracy()) / single.accuracy();
    String size = String.format(Locale.ROOT, "%.1f", Math.abs(100 * relative));
    return size.equals("0.0")
        ? ": no change"
        : ": a relative %s of %s %%".formatted(relative > 0 ? "gain" : "loss", size);
  }

  private String againstStrongest(MethodResult team, MethodResult other) {
    double difference = team.accuracy() - other.accuracy();
    String size = Numbers.percent(Math.abs(difference));
    return "The strongest baseline of like compute, %s, has %s %%: %s is %s points %s"
            .formatted(
                other.name(), share(other), team.name(), size, difference < 0 ? "below" : "above")
        + evidence(team.name(), other.name());
  }

  private String evidence(String a, String b) {
    Optional<Comparison> found = evaluation.comparison(a, b);
    if (found.isEmpty()) {
      return ".";
    }
    Comparison comparison = found.get();
    String interval =
        " (%s points, 95 %% interval %s to %s%s)."
            .formatted(
                Numbers.points(comparison.difference()),
                Numbers.points(comparison.interval().low()),
                Numbers.points(comparison.interval().high()),
                p(comparison));
    return comparison.interval().contains(0)
        ? interval + " The interval contains zero: this run does not show a difference."
        : interval;
  }

  private static String p(Comparison comparison) {
    OptionalDouble p = comparison.strictestP();
    if (p.isEmpty()) {
      return "";
    }
    String number = Numbers.p(p.getAsDouble());
    String relation = number.startsWith("<") ? " < " + number.substring(1) : " = " + number;
    return (comparison.holm().isPresent() ? ", Holm-corrected p" : ", p") + relation;
  }

  private Optional<MethodResult> strongest() {
    return EQUAL_COMPUTE.stream()
        .flatMap(name -> evaluation.method(name).stream())
        .max(Comparator.comparingDouble(MethodResult::accuracy));
  }

  private String spoken(String method) {
    String schedule =
        method.contains(" GF")
            ? " and the generator trained first"
            : method.contains(" SF") ? " and SFT first" : "";
    return "MALT with %d votes%s (%s)".formatted(evaluation.votes(), schedule, method);
  }

  private static String share(MethodResult method) {
    return Numbers.percent(method.accuracy());
  }
}
