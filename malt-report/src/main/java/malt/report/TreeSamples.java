package malt.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import malt.MalformedDataException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.experiment.ExperimentConfig;
import malt.experiment.Learning;
import malt.experiment.Plan;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.StoredTrees;
import malt.experiment.Teams;
import malt.model.Completion;
import malt.problem.Benchmark;

/** The trees that a report lets its reader browse, with the pairs made of them. */
public final class TreeSamples {
  private TreeSamples() {}

  /** Trees of the first problems in the first seed, as many of each round. */
  public static List<TreeSample> read(
      ExperimentConfig config, RunDirectory run, Benchmark benchmark) {
    List<TreeSample> samples = new ArrayList<>();
    StoredTrees stored = new StoredTrees(config, run, benchmark);
    List<Plan.Round> rounds = Plan.of(config).rounds();
    long seed = config.seeds().get(0);
    int each = config.report().trees() / rounds.size();
    for (Plan.Round round : rounds) {
      RunLayout.Round part = run.layout().seed(seed).round(round.name());
      if (Files.exists(part.statistics())) {
        List<ValuedTree> trees = stored.first(seed, round, each);
        List<PreferencePair> pairs = pairs(config, part, trees);
        for (ValuedTree tree : trees) {
          samples.add(sample("seed %d, %s".formatted(seed, round.name()), config, tree, pairs));
        }
      }
    }
    return samples;
  }

  /** Those made of these trees. */
  private static List<PreferencePair> pairs(
      ExperimentConfig config, RunLayout.Round part, List<ValuedTree> trees) {
    Set<String> problems =
        trees.stream().map(tree -> tree.problem().id()).collect(Collectors.toSet());
    List<PreferencePair> pairs = new ArrayList<>();
    for (AgentRole role : config.roles()) {
      Path file = part.set(role, Learning.DPO);
      if (Files.exists(file)) {
        for (PreferencePair pair : DatasetFiles.readPairs(file)) {
          if (problems.contains(pair.problemId())) {
            pairs.add(pair);
          }
        }
      }
    }
    return pairs;
  }

  private static TreeSample sample(
      String origin, ExperimentConfig config, ValuedTree tree, List<PreferencePair> pairs) {
    List<Agent> agents = Teams.untrained(config).agents();
    List<TreeSample.Node> nodes = new ArrayList<>();
    for (ValuedNode valued : tree.nodes()) {
      Double value = valued.value();
      Boolean label = valued.label();
      nodes.add(
          new TreeSample.Node(
              agents.get(valued.node().turn()).turn(),
              valued.node().path(),
              valued.node().completion().text(),
              value == null ? OptionalDouble.empty() : OptionalDouble.of(value),
              label == null ? "ungradable" : label ? "correct" : "incorrect"));
    }
    List<TreeSample.Pair> shown = new ArrayList<>();
    for (PreferencePair pair : pairs) {
      if (pair.problemId().equals(tree.problem().id())) {
        TreeSample.Pair made =
            new TreeSample.Pair(
                pair.role().name(),
                path(tree, agents, pair.role(), pair.chosen()),
                path(tree, agents, pair.role(), pair.rejected()));
        if (!shown.contains(made)) { // balanced sets repeat pairs
          shown.add(made);
        }
      }
    }
    return new TreeSample(origin, tree.problem().question(), tree.problem().answer(), nodes, shown);
  }

  private static List<Integer> path(
      ValuedTree tree, List<Agent> agents, AgentRole role, Completion completion) {
    return tree.nodes().stream()
        .filter(node -> agents.get(node.node().turn()).role().equals(role))
        .filter(node -> same(node.node().completion(), completion))
        .findFirst()
        .map(node -> node.node().path())
        .orElseThrow(
            () ->
                new MalformedDataException(
                    "a preference pair of problem %s is not in its tree; collect the run again"
                        .formatted(tree.problem().id())));
  }

  private static boolean same(Completion a, Completion b) {
    return a.seed() == b.seed()
        && Arrays.equals(a.ids(), b.ids())
        && Arrays.equals(a.promptIds(), b.promptIds());
  }
}
