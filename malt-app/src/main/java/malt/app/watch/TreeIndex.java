package malt.app.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import malt.experiment.GrowingTrees;
import malt.experiment.Plan;
import malt.problem.Problem;
import malt.tree.TreeJournal;
import org.jspecify.annotations.Nullable;

/** Every training tree of a run in a few numbers, kept up to date while they grow. */
final class TreeIndex {
  private static final int BATCH = 50; // trees read at a time
  private static final double ALL = 1;

  private final GrowingTrees trees;
  private final Map<Long, Map<String, Integer>> places = new HashMap<>();
  private final Map<Long, Long> newest = new HashMap<>();
  private final Map<Group, TreeMap<Integer, Problem>> waiting = new LinkedHashMap<>();
  private final Map<Group, TreeMap<Integer, Entry>> entries = new LinkedHashMap<>();

  /**
   * The trees that a round reads in a seed.
   *
   * @param trees the round's own, or those of an earlier one under this one's labels
   */
  record Group(long seed, Plan.Round round, Plan.Trees trees) {
    boolean own() {
      return trees.round().equals(round.name());
    }
  }

  /**
   * A tree.
   *
   * @param value of the question: the mean over its answers; null while it grows, or where nothing
   *     could be graded
   */
  record Entry(Group group, Problem problem, TreeFacts facts, @Nullable Double value) {}

  /**
   * What is searched for.
   *
   * @param text in the question, the right answer or the id, without regard to case; "" for any
   * @param least value of a tree, 0 to 1; with 0 and 1, trees without one are found too
   * @param turned only trees with a critique that did so; null for all
   */
  record Query(
      Optional<Long> seed,
      String round,
      String text,
      double least,
      double most,
      SeenNode.@Nullable Turned turned) {
    boolean finds(Entry entry) {
      Double value = entry.value();
      boolean any = least <= 0 && most >= ALL;
      return (seed.isEmpty() || seed.get() == entry.group().seed())
          && (round.isEmpty() || round.equals(entry.group().round().name()))
          && (value == null ? any : value >= least && value <= most)
          && (turned != SeenNode.Turned.WRONG || entry.facts().harmed() > 0)
          && (turned != SeenNode.Turned.RIGHT || entry.facts().helped() > 0)
          && said(entry.problem());
    }

    private boolean said(Problem problem) {
      String wanted = text.strip().toLowerCase(Locale.ROOT);
      return "%s\n%s\n%s"
          .formatted(problem.question(), problem.answer(), problem.id())
          .toLowerCase(Locale.ROOT)
          .contains(wanted);
    }
  }

  TreeIndex(GrowingTrees trees) {
    this.trees = trees;
    for (long seed : trees.config().seeds()) {
      Map<String, Integer> known = new HashMap<>();
      List<Problem> problems = trees.benchmark().train(seed);
      for (int place = 0; place < problems.size(); place++) {
        known.put(problems.get(place).id(), place);
      }
      places.put(seed, known);
      for (Plan.Round round : Plan.of(trees.config()).rounds()) {
        for (Plan.Trees read : round.trees()) {
          Group group = new Group(seed, round, read);
          waiting.put(group, new TreeMap<>());
          entries.put(group, new TreeMap<>());
        }
      }
    }
  }

  /** Takes notice of what was sampled in a seed since it was asked last. */
  synchronized void notice(long seed) {
    long before = newest.getOrDefault(seed, 0L);
    TreeJournal.Added added = trees.added(seed, before);
    if (added.newest() < before) { // completions were dropped, to be sampled again
      entries.forEach(
          (group, held) -> {
            if (group.seed() == seed) {
              held.clear();
            }
          });
      added = trees.added(seed, 0);
    }
    newest.put(seed, added.newest());
    Map<String, Integer> known = places.getOrDefault(seed, Map.of());
    for (TreeJournal.Added.Place place : added.trees()) {
      Integer number = known.get(place.problemId());
      waiting.forEach(
          (group, problems) -> {
            if (number != null
                && group.seed() == seed
                && group.trees().scope().equals(place.scope())) {
              problems.put(number, trees.benchmark().train(seed).get(number));
            }
          });
    }
  }

  /** How many trees are still to be read. */
  synchronized long waiting() {
    return waiting.values().stream().mapToLong(Map::size).sum();
  }

  /** Reads some of the trees that are still to be read. */
  synchronized void readSome() {
    for (Map.Entry<Group, TreeMap<Integer, Problem>> group : waiting.entrySet()) {
      if (!group.getValue().isEmpty()) {
        Map<Integer, Problem> some = new LinkedHashMap<>();
        while (some.size() < BATCH && !group.getValue().isEmpty()) {
          Map.Entry<Integer, Problem> first = group.getValue().pollFirstEntry();
          some.put(first.getKey(), first.getValue());
        }
        read(group.getKey(), some);
        return;
      }
    }
  }

  private void read(Group group, Map<Integer, Problem> some) {
    TreeMap<Integer, Entry> held = entries.getOrDefault(group, new TreeMap<>());
    Map<String, Integer> known = places.getOrDefault(group.seed(), Map.of());
    List<Problem> problems = List.copyOf(some.values());
    for (GrowingTrees.Grown grown :
        trees.read(group.seed(), group.round(), group.trees(), problems)) {
      Problem problem = grown.tree().problem();
      TreeFacts facts = TreeFacts.of(grown, trees.benchmark().grader());
      held.put(
          known.getOrDefault(problem.id(), 0),
          new Entry(group, problem, facts, grown.complete() ? value(grown) : null));
    }
  }

  private static @Nullable Double value(GrowingTrees.Grown grown) {
    double[] values =
        grown.tree().roots().stream()
            .filter(root -> root.exact() != null)
            .mapToDouble(root -> root.exact().doubleValue())
            .toArray();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? null : sum / values.length;
  }

  /** The sums over the trees of each group of which something was sampled. */
  synchronized Map<Group, TreeFacts> facts() {
    Map<Group, TreeFacts> facts = new LinkedHashMap<>();
    entries.forEach(
        (group, held) -> {
          if (!held.isEmpty()) {
            facts.put(
                group,
                held.values().stream().map(Entry::facts).reduce(TreeFacts.NONE, TreeFacts::plus));
          }
        });
    return facts;
  }

  /** The trees that a query finds, group by group, in the order of the questions. */
  synchronized List<Entry> find(Query query) {
    List<Entry> found = new ArrayList<>();
    entries
        .values()
        .forEach(held -> held.values().stream().filter(query::finds).forEach(found::add));
    return found;
  }

  /** The tree of a problem; none where nothing was sampled of it. */
  Optional<GrowingTrees.Grown> read(Group group, String problemId) {
    Integer place = places.getOrDefault(group.seed(), Map.of()).get(problemId);
    if (place == null) {
      return Optional.empty();
    }
    Problem problem = trees.benchmark().train(group.seed()).get(place);
    return trees.read(group.seed(), group.round(), group.trees(), List.of(problem)).stream()
        .findFirst();
  }

  /** The group of these names. */
  Optional<Group> group(long seed, String round, String treesOf) {
    return entries.keySet().stream()
        .filter(group -> group.seed() == seed)
        .filter(group -> group.round().name().equals(round))
        .filter(group -> group.trees().round().equals(treesOf))
        .findFirst();
  }
}
