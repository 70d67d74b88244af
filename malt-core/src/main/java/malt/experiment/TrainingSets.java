package malt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.RoleStatistics;
import malt.credit.ValuedTree;
import malt.data.DatasetBuilder;
import malt.data.DatasetWriter;
import malt.data.Distillation;
import malt.data.PolicyExample;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.tree.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * Every role's training sets of a round in the making, from trees that come one by one: all are
 * counted, then all are taken. Nothing is in its place before {@link #complete}.
 */
final class TrainingSets implements DatasetBuilder.Sink, AutoCloseable {
  private static final int VALUES_AT_ONCE = 10_000;

  private final RunLayout.Round layout;
  private final AgentTeam team;
  private final Consumer<List<NodeValue>> journal;
  private final DatasetBuilder.Draft draft;
  private final Distillation.@Nullable Draft student;
  private final List<NodeValue> values = new ArrayList<>();
  private final Map<AgentRole, RoleStatistics> statistics = new LinkedHashMap<>();
  private final Map<AgentRole, DatasetWriter> files = new LinkedHashMap<>();

  /**
   * @param distillation what a single model is to learn; null where none is taught
   * @param journal keeps values; gets some thousands at once
   */
  TrainingSets(
      RunLayout.Round layout,
      AgentTeam team,
      DatasetBuilder builder,
      @Nullable Distillation distillation,
      Consumer<List<NodeValue>> journal) {
    this.layout = layout;
    this.team = team;
    this.journal = journal;
    this.draft = builder.draft(this);
    this.student = distillation == null ? null : distillation.draft(this::example);
    team.roles().forEach(role -> statistics.put(role, RoleStatistics.of(List.of())));
    if (student != null) {
      statistics.put(Distillation.STUDENT, RoleStatistics.of(List.of()));
    }
  }

  /**
   * @param kept whether the journal keeps its values
   */
  void count(ValuedTree tree, boolean kept) {
    for (int turn = 0; turn < team.turns(); turn++) {
      statistics.merge(
          team.agents().get(turn).role(),
          RoleStatistics.of(tree.nodes(turn)),
          RoleStatistics::plus);
    }
    take(tree);
    if (kept) {
      values.addAll(tree.values());
    }
    if (values.size() >= VALUES_AT_ONCE) {
      saveValues();
    }
  }

  /** Ends the counting; from now on trees are taken. */
  void decide() {
    saveValues();
    draft.decide();
    if (student != null) {
      student.decide();
    }
    for (AgentRole role : statistics.keySet()) {
      files.put(
          role,
          new DatasetWriter(
              layout.set(role, Learning.SFT),
              layout.set(role, Learning.DPO),
              layout.set(role, Learning.PPO)));
    }
  }

  void take(ValuedTree tree) {
    draft.offer(tree);
    if (student != null) {
      student.offer(tree);
    }
  }

  private void saveValues() {
    journal.accept(values);
    values.clear();
  }

  @Override
  public void example(SftExample example) {
    file(example.role()).add(example);
  }

  @Override
  public void pair(PreferencePair pair) {
    file(pair.role()).add(pair);
  }

  @Override
  public void policy(PolicyExample example) {
    file(example.role()).add(example);
  }

  private DatasetWriter file(AgentRole role) {
    return Objects.requireNonNull(files.get(role));
  }

  /** Puts the sets into their places, and last the file that says that they are complete. */
  void complete() {
    Map<String, SetStatistics.Role> shown = new LinkedHashMap<>();
    statistics.forEach(
        (role, counts) -> {
          DatasetWriter file = file(role);
          file.complete();
          shown.put(
              role.name(),
              new SetStatistics.Role(
                  counts, file.examples(), file.pairs(), file.policy(), draft.undecided(role)));
        });
    new SetStatistics(shown).write(layout.statistics());
  }

  @Override
  public void close() {
    files.values().forEach(DatasetWriter::close);
  }
}
