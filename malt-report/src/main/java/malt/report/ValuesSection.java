package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.report.plot.Histogram;

/** Distribution of node values by role. */
final class ValuesSection {
  private ValuesSection() {}

  static Optional<Section> of(RunData run) {
    List<Figure.Panel> panels = new ArrayList<>();
    run.statistics()
        .forEach(
            (round, statistics) ->
                statistics
                    .roles()
                    .forEach(
                        (role, given) -> {
                          List<Integer> histogram = given.counts().valueHistogram();
                          if (histogram.stream().anyMatch(count -> count > 0)) {
                            panels.add(panel(round + " · " + role, role, histogram));
                          }
                        }));
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
                        "values", "Share of nodes by value, for each round and role", panels)),
                List.of()));
  }

  private static Figure.Panel panel(String title, String role, List<Integer> histogram) {
    return Figure.Panel.small(
        title, new Histogram("Node values, " + title, role, histogram).draw());
  }
}
