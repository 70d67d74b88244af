package malt.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import malt.ConfigException;
import malt.MaltException;
import malt.agent.AgentTeam;
import malt.app.run.Benchmarks;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.experiment.ExperimentConfig;
import malt.experiment.Plan;
import malt.experiment.RunDirectory;
import malt.experiment.StoredTrees;
import malt.experiment.Teams;
import malt.problem.Benchmark;
import malt.tree.AdaptiveGrowth;
import malt.tree.Branching;
import malt.tree.ChunkExpansion;
import malt.tree.CompletionStore;
import malt.tree.Lineage;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Tokens and label accuracy of trees that grow, against whole ones. All are parts of the trees of a
 * run whose last turn was sampled many times more often, so nothing is sampled here; the answers
 * that no part holds tell which labels are right.
 */
@Command(
    name = "AdaptiveBenchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Reads the first round's trees of a run, such as malt collect makes with",
      "--set team.refiner.branching=30, and cuts smaller trees out of them.",
      "Prints tokens a question and how many labels agree with the answers left out."
    })
public final class AdaptiveBenchmark implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "its directory; the first seed is read")
  private Path run = Path.of("");

  @Option(
      names = "--whole",
      paramLabel = "N,N,N",
      description = "completions of a prompt by turn; may be given again")
  private List<String> whole = List.of("3,3,1", "3,3,2", "3,3,3");

  @Option(
      names = "--adaptive",
      paramLabel = "FIRST:AGREE:MOST",
      description = "such as 3,2,1:2:3,3,3; may be given again")
  private List<String> adaptive = List.of("3,3,1:2:3,3,3", "3,2,1:2:3,3,3", "3,1,1:2:3,3,3");

  @Option(
      names = "--truth",
      description = "completions of the last turn that tell the truth; default: ${DEFAULT-VALUE}")
  private int truth = 27;

  private AdaptiveBenchmark() {}

  public static void main(String[] arguments) {
    Launcher.launch(new AdaptiveBenchmark(), arguments);
  }

  /** A way to grow trees. */
  private record Rule(String name, Branching most, List<Integer> first, int agree) {
    static Rule whole(String branching) {
      List<Integer> most = Numbers.list(branching);
      return new Rule("whole " + branching, new Branching(most), most, 1);
    }

    static Rule adaptive(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 3) {
        throw new ConfigException("--adaptive: FIRST:AGREE:MOST, found " + text);
      }
      Branching most = new Branching(Numbers.list(parts[2]));
      return new Rule("adaptive " + text, most, Numbers.list(parts[0]), Integer.parseInt(parts[1]));
    }
  }

  /** What a rule came to. */
  private static final class Count {
    private long tokens;
    private long nodes;
    private final Map<Integer, long[]> labels = new LinkedHashMap<>(); // of a turn: right, all
    private long contested;

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("%9d tokens %7d nodes".formatted(tokens, nodes));
      labels.forEach(
          (turn, counts) ->
              text.append(
                  "  turn %d: %5.2f %% of %d labels"
                      .formatted(turn + 1, 100.0 * counts[0] / counts[1], counts[1])));
      return text.append("  contested prompts %d".formatted(contested)).toString();
    }
  }

  @Override
  public Integer call() {
    List<Rule> rules = new ArrayList<>();
    whole.forEach(branching -> rules.add(Rule.whole(branching)));
    adaptive.forEach(text -> rules.add(Rule.adaptive(text)));
    Map<Rule, Count> counts = new LinkedHashMap<>();
    rules.forEach(rule -> counts.put(rule, new Count()));
    ExperimentConfig config = RunDirectory.readConfig(run);
    long seed = config.seeds().get(0);
    Plan.Trees grown = Plan.of(config).rounds().get(0).own().orElseThrow();
    int[] questions = {0};
    try (RunDirectory directory = RunDirectory.view(run)) {
      Benchmark benchmark = Benchmarks.kept(config, directory);
      Reading reading = new Reading(Teams.untrained(config), benchmark, grown.scope(), seed, truth);
      new StoredTrees(config, directory, benchmark)
          .all(seed, Plan.of(config).rounds().get(0))
          .forEach(
              tree -> {
                questions[0]++;
                counts.forEach((rule, count) -> reading.count(tree, rule, count));
              });
    }
    System.out.printf("%s: %d questions, %d answers tell the truth%n", run, questions[0], truth);
    counts.forEach((rule, count) -> System.out.printf("%-28s %s%n", rule.name(), count));
    return 0;
  }

  /** Cuts trees out of those of a run. */
  private record Reading(AgentTeam team, Benchmark benchmark, String scope, long seed, int truth) {
    private static final ValueIteration RULE = new ValueIteration(0.5, Pooling.GLOBAL);

    void count(ValuedTree all, Rule rule, Count count) {
      SearchTree tree = cut(all, rule);
      for (TreeNode node : tree.nodes()) {
        count.nodes++;
        count.tokens += node.completion().ids().length;
      }
      ValuedTree valued = RULE.value(tree, team, benchmark.grader());
      Map<List<Integer>, Double> right = new LinkedHashMap<>();
      all.roots().forEach(root -> value(root, right));
      for (ValuedNode node : valued.nodes()) {
        Double is = right.get(node.node().path());
        Boolean label = node.label();
        if (!node.children().isEmpty() && is != null && label != null) {
          long[] labels = count.labels.computeIfAbsent(node.node().turn(), turn -> new long[2]);
          labels[0] += label == is > RULE.threshold() ? 1 : 0;
          labels[1]++;
          count.contested +=
              node.children().stream().map(ValuedNode::label).distinct().count() > 1 ? 1 : 0;
        }
      }
    }

    /** The mean over the answers that tell the truth; those of the last turn have none. */
    private double value(ValuedNode node, Map<List<Integer>, Double> found) {
      List<ValuedNode> children = node.children();
      if (children.isEmpty()) {
        return Boolean.TRUE.equals(node.label()) ? 1 : 0;
      }
      boolean last = node.node().turn() == team.turns() - 2;
      List<ValuedNode> told =
          last ? children.subList(Math.max(0, children.size() - truth), children.size()) : children;
      double mean = told.stream().mapToDouble(each -> value(each, found)).average().orElseThrow();
      found.put(node.node().path(), mean);
      return mean;
    }

    private SearchTree cut(ValuedTree all, Rule rule) {
      List<CompletionStore.Entry> entries =
          all.nodes().stream()
              .map(ValuedNode::node)
              .map(
                  node ->
                      new CompletionStore.Entry(all.problem().id(), node.path(), node.completion()))
              .toList();
      AdaptiveGrowth growth =
          new AdaptiveGrowth(rule.first(), rule.agree(), RULE.threshold(), benchmark.grader());
      boolean grows = !rule.first().equals(rule.most().perTurn());
      ChunkExpansion expansion =
          new ChunkExpansion(
              team, List.of(all.problem()), rule.most(), grows ? growth : null, null, scope, seed);
      return expansion
          .expand(
              requests -> {
                throw new MaltException(
                    "the run's trees are smaller than %s".formatted(rule.name()));
              },
              new Stored(entries),
              turn -> {})
          .get(0);
    }
  }

  /** A tree that is there. */
  private record Stored(List<CompletionStore.Entry> entries) implements ChunkExpansion.Held {
    @Override
    public List<CompletionStore.Entry> read(Lineage lineage, List<String> problemIds) {
      return entries;
    }

    @Override
    public boolean answered(Lineage lineage) {
      return true;
    }
  }
}
