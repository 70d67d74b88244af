package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import malt.Numbers;
import malt.evaluation.VerifierQuality;
import malt.experiment.RoundDiagnosis;
import malt.report.plot.LineChart;
import org.jspecify.annotations.Nullable;

/** How the team speaks, round by round: accuracy, lengths, ends, false alarms. */
final class RoundsSection {
  private static final List<String> LOOKS =
      List.of("kept", "star", "malt", "untrained", "better", "worse");

  private RoundsSection() {}

  static Optional<Section> of(RunData run) {
    List<Figure> figures = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    add("Trees of the training questions, by round", "rounds", run.grown(), figures, tables);
    add("The dev questions, by repetition", "repetitions", run.measured(), figures, tables);
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "rounds",
                "Rounds",
                "Means over seeds. A round's trees show what the rounds before it have trained."
                    + " Watch for false alarms that jump, completions that grow, and more of them"
                    + " cut at the token limit.",
                figures,
                tables));
  }

  private static void add(
      String title,
      String name,
      List<RunData.Spoken> rounds,
      List<Figure> figures,
      List<Table> tables) {
    if (rounds.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (RunData.Spoken round : rounds) {
      round.turns().forEach(turn -> rows.add(cells(round, turn)));
    }
    tables.add(
        Table.ofNumbers(
            title,
            List.of(
                "Round and turn",
                "Team right %",
                "Tokens",
                "Truncated %",
                "End-of-text probability %",
                "Wrong answers flagged %",
                "Right answers flagged %"),
            rows));
    if (rounds.size() > 1) {
      figures.add(new Figure(name, title, panels(rounds)));
    }
  }

  private static List<String> cells(RunData.Spoken round, String turn) {
    return List.of(
        round.name() + " · " + turn,
        percent(round.mean(RoundDiagnosis::accuracy)),
        number(of(round, turn, RoundDiagnosis.Speech::tokens)),
        percent(of(round, turn, RoundDiagnosis.Speech::truncated)),
        percent(of(round, turn, RoundDiagnosis.Speech::end)),
        percent(of(round, turn, speech -> judged(speech, VerifierQuality::recall))),
        percent(of(round, turn, speech -> judged(speech, VerifierQuality::falseAlarm))));
  }

  private static OptionalDouble of(
      RunData.Spoken round, String turn, Function<RoundDiagnosis.Speech, @Nullable Double> number) {
    return round.mean(
        diagnosis -> {
          RoundDiagnosis.Speech speech = diagnosis.turns().get(turn);
          return speech == null ? null : number.apply(speech);
        });
  }

  private static @Nullable Double judged(
      RoundDiagnosis.Speech speech, Function<VerifierQuality, @Nullable Double> number) {
    return speech.judging() == null ? null : number.apply(speech.judging());
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? "–" : Numbers.percent(share.getAsDouble());
  }

  private static String number(OptionalDouble number) {
    return number.isEmpty() ? "–" : String.format(Locale.ROOT, "%.1f", number.getAsDouble());
  }

  private static List<Figure.Panel> panels(List<RunData.Spoken> rounds) {
    List<LineChart.Series> shares = new ArrayList<>();
    List<LineChart.Series> lengths = new ArrayList<>();
    shares.add(series("right", 0, rounds, round -> round.mean(RoundDiagnosis::accuracy)));
    List<String> turns = rounds.get(0).turns();
    for (int i = 0; i < turns.size(); i++) {
      String turn = turns.get(i);
      lengths.add(series(turn, i, rounds, round -> of(round, turn, RoundDiagnosis.Speech::tokens)));
      shares.add(
          series(
              "hits, " + turn,
              2 * i + 1,
              rounds,
              round -> of(round, turn, speech -> judged(speech, VerifierQuality::recall))));
      shares.add(
          series(
              "alarms, " + turn,
              2 * i + 2,
              rounds,
              round -> of(round, turn, speech -> judged(speech, VerifierQuality::falseAlarm))));
    }
    List<Figure.Panel> panels = new ArrayList<>();
    panel("Shares in percent", shares, 100, panels);
    panel("Tokens of a completion", lengths, 1, panels);
    return panels;
  }

  private static void panel(
      String heading, List<LineChart.Series> series, double unit, List<Figure.Panel> panels) {
    List<LineChart.Series> drawn =
        series.stream().filter(each -> !each.lines().get(0).x().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      LineChart chart = new LineChart(heading, drawn, List.of(), "round", unit);
      panels.add(Figure.Panel.small(heading, chart.draw()));
    }
  }

  private static LineChart.Series series(
      String name,
      int look,
      List<RunData.Spoken> rounds,
      Function<RunData.Spoken, OptionalDouble> number) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      OptionalDouble value = number.apply(rounds.get(i));
      if (value.isPresent()) {
        x.add(i + 1.0);
        y.add(value.getAsDouble());
      }
    }
    return new LineChart.Series(
        name, LOOKS.get(look % LOOKS.size()), List.of(new LineChart.Line(x, y)));
  }
}
