package malt.tree;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import malt.agent.AgentRole;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;

/** Counts the nodes of an expansion as they come. */
final class Tally {
  private final Branching branching;
  private long done;
  private long total;

  Tally(Branching branching, int problems) {
    this.branching = branching;
    this.total = Math.multiplyExact(branching.descendants(-1), (long) problems);
  }

  ExpansionProgress add(
      int turn, AgentRole role, List<Completion> level, List<TreeJournal.Entry> sampled) {
    done += level.size();
    long failed = level.stream().filter(c -> c.finish() == FinishReason.FAILED).count();
    total -= failed * branching.descendants(turn);
    long tokens = sampled.stream().mapToLong(entry -> entry.completion().ids().length).sum();
    Set<Remark> remarks = EnumSet.noneOf(Remark.class);
    sampled.forEach(entry -> remarks.addAll(entry.completion().remarks()));
    return new ExpansionProgress(turn, role, done, total, sampled.size(), tokens, remarks);
  }
}
