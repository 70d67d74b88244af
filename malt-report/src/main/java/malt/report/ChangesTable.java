package malt.report;

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
    return Table.of(relabelling.nodes().keySet())
        .column("Role", AgentRole::name)
        .column("Nodes", role -> Numbers.grouped(relabelling.nodes().getOrDefault(role, 0)))
        .column("Other value", role -> count(relabelling, role, is -> is.kind() == Kind.NODE))
        .column("Now correct", role -> count(relabelling, role, is -> becomes(is, true)))
        .column("Now wrong", role -> count(relabelling, role, is -> becomes(is, false)))
        .column("Now ungradable", role -> count(relabelling, role, is -> becomes(is, null)))
        .column("SFT", role -> set(relabelling, role, Kind.EXAMPLE))
        .column("DPO", role -> set(relabelling, role, Kind.PAIR))
        .titled("")
        .text(COLUMNS);
  }

  private static boolean becomes(Change change, @Nullable Boolean label) {
    return change.before() instanceof Label was
        && change.after() instanceof Label is
        && !Objects.equals(was.correct(), is.correct())
        && Objects.equals(is.correct(), label);
  }

  /** "+12 -3" */
  private static String set(Relabelling all, AgentRole role, Kind kind) {
    return "+%s −%s"
        .formatted(
            count(all, role, change -> change.kind() == kind && change.before() == null),
            count(all, role, change -> change.kind() == kind && change.after() == null));
  }

  private static String count(Relabelling all, AgentRole role, Predicate<Change> counted) {
    return Numbers.grouped(
        all.changes().stream()
            .filter(change -> change.role().equals(role))
            .filter(counted)
            .count());
  }
}
