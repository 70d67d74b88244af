package malt.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.Numbers;
import malt.experiment.SetStatistics;

/** What the trees gave: nodes, training examples, pairs. */
final class SetsSection {
  private SetsSection() {}

  static Optional<Section> of(RunData run) {
    Map<String, SetStatistics.Role> roles = new LinkedHashMap<>();
    run.statistics()
        .forEach(
            (round, statistics) ->
                statistics
                    .roles()
                    .forEach((role, counts) -> roles.put(round + " · " + role, counts)));
    return roles.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "sets",
                "Trees and training sets",
                "Counted over all seeds. Ungradable nodes leave the means; truncated ones were cut"
                    + " at the token limit.",
                List.of(),
                List.of(table(roles))));
  }

  private static Table table(Map<String, SetStatistics.Role> roles) {
    return Table.of(roles.entrySet())
        .column("Round and role", Map.Entry::getKey)
        .column("Nodes", row -> Numbers.grouped(row.getValue().counts().nodes()))
        .column("Labelled correct", row -> Numbers.grouped(row.getValue().counts().correct()))
        .column("SFT examples", row -> Numbers.grouped(row.getValue().sftExamples()))
        .column("DPO pairs", row -> Numbers.grouped(row.getValue().dpoPairs()))
        .column("Ungradable", row -> Numbers.grouped(row.getValue().counts().ungradable()))
        .column("Truncated", row -> Numbers.grouped(row.getValue().counts().truncated()))
        .column("No answer", row -> Numbers.grouped(row.getValue().counts().noAnswer()))
        .titled("");
  }
}
