package malt.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  /** Trees of the first problems in the first seed, as many of each round and whom it reads. */
  public static List<TreeSample> read(
      ExperimentConfig config, RunDirectory run, Benchmark benchmark) {
    List<TreeSample> samples = new ArrayList<>();
    StoredTrees stored = new StoredTrees(config, run, benchmark);
    List<Plan.Round> rounds = Plan.of(config).rounds();
    long seed = config.seeds().get(0);
    int each =
        config.report().trees() / rounds.stream().mapToInt(round -> round.trees().size()).sum();
    for (Plan.Round round : rounds) {
      RunLayout.Round part = run.layout().seed(seed).round(round.name());
      if (Files.exists(part.statistics())) {
        List<ValuedTree> trees = stored.first(seed, round, each);
        List<Set<TreeSample.Pair>> pairs = pairs(config, part, trees);
        for (int i = 0; i < trees.size(); i++) {
          String origin = "seed %d, %s".formatted(seed, round.name());
          samples.add(sample(origin, config, trees.get(i), pairs.get(i)));
        }
      }
    }
    return samples;
  }

  /** Those made of each of these trees, once each: balanced sets repeat pairs. */
  private static List<Set<TreeSample.Pair>> pairs(
      ExperimentConfig config, RunLayout.Round part, List<ValuedTree> trees) {
    List<Agent> agents = Teams.untrained(config).agents();
    Set<String> problems =
        trees.stream().map(tree -> tree.problem().id()).collect(Collectors.toSet());
    List<Set<TreeSample.Pair>> pairs =
        trees.stream().<Set<TreeSample.Pair>>map(tree -> new LinkedHashSet<>()).toList();
    for (AgentRole role : config.roles()) {
      Path file = part.set(role, Learning.DPO);
      if (Files.exists(file)) {
        for (PreferencePair pair : DatasetFiles.readPairs(file)) {
          if (problems.contains(pair.problemId()) && !add(pair, agents, trees, pairs)) {
            throw new MalformedDataException(
                "a preference pair of problem %s is in none of its trees; collect the run again"
                    .formatted(pair.problemId()));
          }
        }
      }
    }
    return pairs;
  }

  /** Adds a pair to those of the tree that it was made of; false where that is none of these. */
  private static boolean add(
      PreferencePair pair,
      List<Agent> agents,
      List<ValuedTree> trees,
      List<Set<TreeSample.Pair>> pairs) {
    for (int i = 0; i < trees.size(); i++) {
      ValuedTree tree = trees.get(i);
      if (tree.problem().id().equals(pair.problemId())) {
        Optional<TreeSample.Pair> found = find(pair, agents, tree);
        if (found.isPresent()) {
          pairs.get(i).add(found.get());
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Where the two sides of a pair are in a tree of its problem; none where one of them is not.
   *
   * @param agents of the team that grew it
   */
  public static Optional<TreeSample.Pair> find(
      PreferencePair pair, List<Agent> agents, ValuedTree tree) {
    Optional<List<Integer>> chosen = path(tree, agents, pair.role(), pair.chosen());
    Optional<List<Integer>> rejected = path(tree, agents, pair.role(), pair.rejected());
    return chosen.isPresent() && rejected.isPresent()
        ? Optional.of(new TreeSample.Pair(pair.role().name(), chosen.get(), rejected.get()))
        : Optional.empty();
  }

  private static TreeSample sample(
      String origin, ExperimentConfig config, ValuedTree tree, Set<TreeSample.Pair> pairs) {
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
    return new TreeSample(
        origin, tree.problem().question(), tree.problem().answer(), nodes, List.copyOf(pairs));
  }

  private static Optional<List<Integer>> path(
      ValuedTree tree, List<Agent> agents, AgentRole role, Completion completion) {
    return tree.nodes().stream()
        .filter(node -> agents.get(node.node().turn()).role().equals(role))
        .filter(node -> same(node.node().completion(), completion))
        .findFirst()
        .map(node -> node.node().path());
  }

  private static boolean same(Completion a, Completion b) {
    return a.seed() == b.seed()
        && Arrays.equals(a.ids(), b.ids())
        && Arrays.equals(a.promptIds(), b.promptIds());
  }
}
