package malt.experiment;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import malt.agent.AgentTeam;
import malt.credit.ValuedTree;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.tree.CompletionStore;
import malt.tree.Lineage;
import malt.tree.SearchTree;
import malt.tree.TreeJournal;
import malt.tree.TreeNode;

/**
 * The training trees of a run as far as they are grown, also while another process grows them:
 * nothing is written, and no model is needed.
 *
 * @param benchmark with the problems, and the grader that labels
 */
public record GrowingTrees(ExperimentConfig config, RunLayout layout, Benchmark benchmark) {
  /**
   * A tree as it is now.
   *
   * @param tree with values, which are of what is there so far
   * @param team that grows it
   * @param complete whether every node that can have children has some
   */
  public record Grown(ValuedTree tree, AgentTeam team, boolean complete) {}

  /** What was sampled in a seed after a place in its journal. */
  public TreeJournal.Added added(long seed, long after) {
    RunLayout.Seed part = layout.seed(seed);
    if (!Files.exists(part.journal())) {
      return new TreeJournal.Added(0, List.of());
    }
    try (TreeJournal journal = TreeJournal.view(part.journal())) {
      return journal.added(after);
    }
  }

  /**
   * The trees of some problems that a round reads in a seed, with its labels; none of a problem
   * that nothing was sampled of yet.
   */
  public List<Grown> read(long seed, Plan.Round round, Plan.Trees trees, List<Problem> problems) {
    RunLayout.Seed part = layout.seed(seed);
    if (!Files.exists(part.journal())) {
      return List.of();
    }
    AgentTeam team = new Teams(config, part).collecting(trees.sampling());
    Map<String, List<CompletionStore.Entry>> held = new HashMap<>();
    List<String> ids = problems.stream().map(Problem::id).toList();
    try (TreeJournal journal = TreeJournal.view(part.journal())) {
      for (int turn = 0; turn < team.turns(); turn++) {
        for (CompletionStore.Entry entry :
            journal.read(trees.scope(), Lineage.of(team, turn), ids)) {
          held.computeIfAbsent(entry.problemId(), id -> new ArrayList<>()).add(entry);
        }
      }
    }
    return problems.stream()
        .filter(problem -> held.containsKey(problem.id()))
        .map(problem -> grown(round, team, problem, held.getOrDefault(problem.id(), List.of())))
        .toList();
  }

  private Grown grown(
      Plan.Round round, AgentTeam team, Problem problem, List<CompletionStore.Entry> entries) {
    Map<List<Integer>, List<CompletionStore.Entry>> children = new HashMap<>();
    for (CompletionStore.Entry entry : entries) {
      List<Integer> parent = entry.path().subList(0, entry.path().size() - 1);
      children.computeIfAbsent(parent, path -> new ArrayList<>()).add(entry);
    }
    SearchTree tree = new SearchTree(problem, below(List.of(), children));
    boolean complete =
        tree.leaves().stream()
            .allMatch(
                leaf ->
                    leaf.turn() == team.turns() - 1
                        || leaf.failed()
                        || team.ends(leaf.turn(), leaf.completion()));
    return new Grown(round.credit().value(tree, team, benchmark.grader()), team, complete);
  }

  private static List<TreeNode> below(
      List<Integer> parent, Map<List<Integer>, List<CompletionStore.Entry>> children) {
    return children.getOrDefault(parent, List.of()).stream()
        .sorted(Comparator.comparing(CompletionStore.Entry::path, TreeNode.PATH_ORDER))
        .map(entry -> new TreeNode(entry.path(), entry.completion(), below(entry.path(), children)))
        .toList();
  }
}
