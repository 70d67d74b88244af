package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import malt.Numbers;
import malt.agent.AgentRole;
import malt.experiment.Relabelling;
import malt.experiment.Relabelling.Change;
import malt.experiment.Relabelling.Kind;
import malt.experiment.Relabelling.Label;
import org.jspecify.annotations.Nullable;

/** What other labels change, counted by role, as plain text for a terminal. */
public final class ChangesTable {
  private static final int COLUMNS = 100;

  private ChangesTable() {}

  public static String of(Relabelling relabelling) {
    List<List<String>> rows = new ArrayList<>();
    relabelling.nodes().forEach((role, nodes) -> rows.add(row(role, nodes, relabelling.changes())));
    return Table.ofNumbers(
            "",
            List.of(
                "Role",
                "Nodes",
                "Other value",
                "Now correct",
                "Now wrong",
                "Now ungradable",
                "SFT",
                "DPO"),
            rows)
        .text(COLUMNS);
  }

  private static List<String> row(AgentRole role, int nodes, List<Change> all) {
    List<Change> own = all.stream().filter(change -> change.role().equals(role)).toList();
    return List.of(
        role.name(),
        Numbers.grouped(nodes),
        count(own, change -> change.kind() == Kind.NODE),
        count(own, change -> becomes(change, true)),
        count(own, change -> becomes(change, false)),
        count(own, change -> becomes(change, null)),
        set(own, Kind.EXAMPLE),
        set(own, Kind.PAIR));
  }

  private static boolean becomes(Change change, @Nullable Boolean label) {
    return change.before() instanceof Label was
        && change.after() instanceof Label is
        && !Objects.equals(was.correct(), is.correct())
        && Objects.equals(is.correct(), label);
  }

  /** "+12 -3" */
  private static String set(List<Change> changes, Kind kind) {
    return "+%s −%s"
        .formatted(
            count(changes, change -> change.kind() == kind && change.before() == null),
            count(changes, change -> change.kind() == kind && change.after() == null));
  }

  private static String count(List<Change> changes, Predicate<Change> counted) {
    return Numbers.grouped(changes.stream().filter(counted).count());
  }
}
