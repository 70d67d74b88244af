package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.Numbers;
import malt.experiment.SetStatistics;

/** What the trees gave: nodes, training examples, pairs. */
final class SetsSection {
  private SetsSection() {}

  static Optional<Section> of(RunData run) {
    List<List<String>> rows = new ArrayList<>();
    run.statistics()
        .forEach(
            (round, statistics) ->
                statistics
                    .roles()
                    .forEach((role, counts) -> rows.add(cells(round + " · " + role, counts))));
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "sets",
                "Trees and training sets",
                "Counted over all seeds. Ungradable nodes leave the means; truncated ones were cut"
                    + " at the token limit.",
                List.of(),
                List.of(
                    Table.ofNumbers(
                        "",
                        List.of(
                            "Round and role",
                            "Nodes",
                            "Labelled correct",
                            "SFT examples",
                            "DPO pairs",
                            "Ungradable",
                            "Truncated",
                            "No answer"),
                        rows))));
  }

  private static List<String> cells(String name, SetStatistics.Role role) {
    return List.of(
        name,
        Numbers.grouped(role.counts().nodes()),
        Numbers.grouped(role.counts().correct()),
        Numbers.grouped(role.sftExamples()),
        Numbers.grouped(role.dpoPairs()),
        Numbers.grouped(role.counts().ungradable()),
        Numbers.grouped(role.counts().truncated()),
        Numbers.grouped(role.counts().noAnswer()));
  }
}
