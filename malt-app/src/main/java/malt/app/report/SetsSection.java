package malt.app.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import malt.app.report.run.RoleStatistics;
import malt.app.report.run.RunData;
import malt.app.text.Numbers;

/** What the trees gave: nodes, training examples, pairs. */
final class SetsSection {
  private SetsSection() {}

  static Optional<Section> of(RunData run) {
    return run.statistics().isEmpty()
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
                            "Schedule and role",
                            "Nodes",
                            "Labelled correct",
                            "SFT examples",
                            "DPO pairs",
                            "Ungradable",
                            "Truncated",
                            "No answer"),
                        run.statistics().stream().map(SetsSection::cells).toList()))));
  }

  private static List<String> cells(RoleStatistics role) {
    return List.of(
        role.schedule() + " · " + role.role(),
        count(role.nodes()),
        count(role.correct()),
        count(role.sftExamples()),
        count(role.preferencePairs()),
        count(role.ungradable()),
        count(role.truncated()),
        count(role.noAnswer()));
  }

  private static String count(OptionalLong count) {
    return count.isEmpty() ? "–" : Numbers.grouped(count.getAsLong());
  }
}
