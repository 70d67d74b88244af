package malt.app.report;

import java.util.List;
import java.util.Optional;
import malt.app.report.plot.Histogram;
import malt.app.report.run.RoleStatistics;
import malt.app.report.run.RunData;

/** Distribution of node values by role. */
final class ValuesSection {
  private ValuesSection() {}

  static Optional<Section> of(RunData run) {
    List<Figure.Panel> panels =
        run.statistics().stream()
            .filter(role -> role.histogram().stream().anyMatch(count -> count > 0))
            .map(ValuesSection::panel)
            .toList();
    return panels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "values",
                "Node values",
                "The value of a node is the mean of the leaves below it; a leaf of the last role"
                    + " is right (1) or wrong (0). Values strictly between make good pairs.",
                List.of(
                    new Figure(
                        "values", "Share of nodes by value, for each schedule and role", panels)),
                List.of()));
  }

  private static Figure.Panel panel(RoleStatistics role) {
    String title = role.schedule() + " · " + role.role();
    return Figure.Panel.small(
        title, new Histogram("Node values, " + title, role.role(), role.histogram()).draw());
  }
}
