package malt.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.problem.Grader;

/**
 * Makes each role's training sets of valued trees (paper, section 3.3). SFT examples are the
 * completions labelled correct; a preference pair is a correct and an incorrect completion of one
 * prompt; a policy's examples are all of them, by what they are worth ({@link Advantages}).
 *
 * <p>A prompt is what it says: completions of two nodes with identical words are siblings.
 * Identical completions of one prompt are first merged into one with their mean value. Where a cap
 * cuts, higher values and wider gaps stay, and equals are ordered by a seed from their position.
 * Failed and ungradable nodes never enter, and truncated ones only where the settings keep them.
 * The result is a function of the arguments alone; examples come in the order of problems and
 * paths.
 */
public final class DatasetBuilder {
  private final AgentTeam team;
  private final Set<AgentRole> pairRoles;
  private final Set<AgentRole> policyRoles;
  private final boolean normalised;
  private final Grader grader;
  private final DatasetSettings settings;
  private final long seed;

  /** The same for examples and pairs alone. */
  public DatasetBuilder(
      AgentTeam team,
      Set<AgentRole> pairRoles,
      Grader grader,
      DatasetSettings settings,
      long seed) {
    this(team, pairRoles, Set.of(), false, grader, settings, seed);
  }

  /**
   * @param team that grew the trees
   * @param pairRoles roles that preference pairs are built for; the paper's are verifier and
   *     refiner
   * @param policyRoles roles that a policy's examples are built for
   * @param normalised whether advantages are divided by the deviation of the siblings' values
   * @param grader of the first turn's answers, for balancing
   */
  public DatasetBuilder(
      AgentTeam team,
      Set<AgentRole> pairRoles,
      Set<AgentRole> policyRoles,
      boolean normalised,
      Grader grader,
      DatasetSettings settings,
      long seed) {
    this.team = team;
    this.pairRoles = Set.copyOf(pairRoles);
    this.policyRoles = Set.copyOf(policyRoles);
    this.normalised = normalised;
    this.grader = grader;
    this.settings = settings;
    this.seed = seed;
  }

  /** Where the items of a set go, one by one in their order. */
  public interface Sink {
    void example(SftExample example);

    void pair(PreferencePair pair);

    void policy(PolicyExample example);
  }

  /** The sets of every role, in the order in which they first speak. */
  public Map<AgentRole, RoleDataset> build(List<ValuedTree> trees) {
    Map<AgentRole, List<SftExample>> examples = new LinkedHashMap<>();
    Map<AgentRole, List<PreferencePair>> pairs = new LinkedHashMap<>();
    Map<AgentRole, List<PolicyExample>> policy = new LinkedHashMap<>();
    Draft draft =
        draft(
            new Sink() {
              @Override
              public void example(SftExample example) {
                examples.computeIfAbsent(example.role(), role -> new ArrayList<>()).add(example);
              }

              @Override
              public void pair(PreferencePair pair) {
                pairs.computeIfAbsent(pair.role(), role -> new ArrayList<>()).add(pair);
              }

              @Override
              public void policy(PolicyExample example) {
                policy.computeIfAbsent(example.role(), role -> new ArrayList<>()).add(example);
              }
            });
    trees.forEach(draft::offer);
    draft.decide();
    trees.forEach(draft::offer);
    Map<AgentRole, RoleDataset> sets = new LinkedHashMap<>();
    for (AgentRole role : team.roles()) {
      sets.put(
          role,
          new RoleDataset(
              examples.getOrDefault(role, List.of()),
              pairs.getOrDefault(role, List.of()),
              policy.getOrDefault(role, List.of())));
    }
    return sets;
  }

  /** The same for trees that are not in memory together. */
  public Draft draft(Sink sink) {
    return new Draft(sink);
  }

  /**
   * The sets in the making. Every tree is offered to be counted; then it is decided which of their
   * items stay; then every tree is offered again, in the same order, and the sink gets what stays.
   */
  public final class Draft {
    private final Map<AgentRole, Selection<SftExample>> examples = new LinkedHashMap<>();
    private final Map<AgentRole, Selection<PreferencePair>> pairs = new LinkedHashMap<>();

    private final Map<AgentRole, Integer> undecided = new LinkedHashMap<>();
    private final Sink sink;
    private boolean decided;

    private Draft(Sink sink) {
      this.sink = sink;
      for (AgentRole role : team.roles()) {
        int repeat = settings.balance() && !examples.isEmpty() ? settings.maxRepeat() : 1;
        long sft = Seeds.of(seed, role, "sft");
        long dpo = Seeds.of(seed, role, "dpo");
        examples.put(role, new Selection<>(repeat, settings.maxExamples(), sft, sink::example));
        if (pairRoles.contains(role)) {
          pairs.put(role, new Selection<>(repeat, settings.maxPairs(), dpo, sink::pair));
        }
      }
    }

    public void offer(ValuedTree tree) {
      for (int turn = 0; turn < team.turns(); turn++) {
        AgentRole role = team.agents().get(turn).role();
        Selection<SftExample> imitated = Objects.requireNonNull(examples.get(role));
        Selection<PreferencePair> preferred = pairs.get(role);
        if (policyRoles.contains(role)) {
          offerPolicy(role, tree, turn);
        }
        for (Siblings siblings : siblings(tree, turn, settings.truncated())) {
          boolean right = turn == 0 || firstAnswerRight(tree, siblings);
          imitated.offer(examples(role, tree, siblings, turn), right);
          if (preferred != null) {
            preferred.offer(pairs(role, tree, siblings), right);
          }
        }
      }
    }

    private void offerPolicy(AgentRole role, ValuedTree tree, int turn) {
      // What the limit cut is worth what came of it: left out, nobody would learn to end.
      for (Siblings siblings : siblings(tree, turn, Truncated.KEEP)) {
        List<PolicyExample> drawn = policy(role, tree, siblings);
        if (decided) {
          drawn.forEach(sink::policy);
        } else if (drawn.isEmpty()) {
          undecided.merge(role, 1, Integer::sum);
        }
      }
    }

    /**
     * Prompts of a role whose completions are all worth the same, so that a policy learns nothing
     * from them; they are left out.
     */
    public int undecided(AgentRole role) {
      return undecided.getOrDefault(role, 0);
    }

    public void decide() {
      decided = true;
      examples.values().forEach(Selection::decide);
      pairs.values().forEach(Selection::decide);
    }
  }

  /** Every distinct prompt of a turn with its completions; identical parents make one prompt. */
  private List<Siblings> siblings(ValuedTree tree, int turn, Truncated truncated) {
    if (turn == 0) {
      return List.of(Siblings.of(List.of(), tree.roots(), tree.rule(), truncated));
    }
    Map<List<Object>, List<ValuedNode>> parents = new LinkedHashMap<>();
    for (ValuedNode parent : tree.nodes(turn - 1)) {
      List<Object> prompt = spoken(tree, parent).stream().map(Siblings::identity).toList();
      parents.computeIfAbsent(prompt, key -> new ArrayList<>()).add(parent);
    }
    List<Siblings> found = new ArrayList<>();
    for (List<ValuedNode> same : parents.values()) {
      List<ValuedNode> completions =
          same.stream().flatMap(parent -> parent.children().stream()).toList();
      found.add(Siblings.of(spoken(tree, same.get(0)), completions, tree.rule(), truncated));
    }
    return found;
  }

  private static List<Completion> spoken(ValuedTree tree, ValuedNode last) {
    List<Completion> spoken = new ArrayList<>();
    List<ValuedNode> level = tree.roots();
    for (int index : last.node().path()) {
      ValuedNode node = level.get(index);
      spoken.add(node.node().completion());
      level = node.children();
    }
    return spoken;
  }

  private boolean firstAnswerRight(ValuedTree tree, Siblings siblings) {
    return grader.grade(tree.problem(), siblings.spoken().get(0).response()).correct();
  }

  private List<SftExample> examples(AgentRole role, ValuedTree tree, Siblings siblings, int turn) {
    boolean contested = !siblings.correct().isEmpty() && !siblings.incorrect().isEmpty();
    if (settings.contestedOnly() && turn > 0 && !contested) {
      return List.of();
    }
    Prompt prompt = plain(tree, siblings);
    String problemId = tree.problem().id();
    return capped(
            siblings.correct(),
            settings.maxExamplesPerPrompt(),
            Candidate::value,
            candidate -> Seeds.of(seed, role, problemId, candidate.path()))
        .stream()
        .map(
            candidate ->
                new SftExample(role, problemId, prompt, candidate.completion(), candidate.value()))
        .toList();
  }

  /** The two sides of a pair that may be made. */
  private record Contrast(Candidate chosen, Candidate rejected) {
    double gap() {
      return chosen.value() - rejected.value();
    }

    /** Characters at the beginning of both. */
    int commonPrefix() {
      int differ =
          Arrays.mismatch(
              chosen.completion().text().toCharArray(), rejected.completion().text().toCharArray());
      return differ < 0 ? chosen.completion().text().length() : differ;
    }

    double score(Pairing pairing) {
      return pairing == Pairing.WIDEST_GAP ? gap() : commonPrefix();
    }
  }

  private List<PreferencePair> pairs(AgentRole role, ValuedTree tree, Siblings siblings) {
    List<Contrast> contrasts = new ArrayList<>();
    for (Candidate chosen : siblings.correct()) {
      for (Candidate rejected : siblings.incorrect()) {
        Contrast contrast = new Contrast(chosen, rejected);
        boolean differ = !chosen.completion().text().equals(rejected.completion().text());
        if (differ && contrast.gap() >= settings.minValueGap()) {
          contrasts.add(contrast);
        }
      }
    }
    Prompt prompt = plain(tree, siblings);
    String problemId = tree.problem().id();
    return capped(
            contrasts,
            settings.maxPairsPerPrompt(),
            pair -> pair.score(settings.pairing()),
            pair -> Seeds.of(seed, role, problemId, pair.chosen().path(), pair.rejected().path()))
        .stream()
        .map(
            pair ->
                new PreferencePair(
                    role,
                    problemId,
                    prompt,
                    pair.chosen().completion(),
                    pair.rejected().completion(),
                    pair.chosen().value(),
                    pair.rejected().value()))
        .toList();
  }

  /**
   * One for each completion that was drawn, identical ones as often as they were; none of equals.
   */
  private List<PolicyExample> policy(AgentRole role, ValuedTree tree, Siblings siblings) {
    List<Candidate> all =
        Stream.concat(siblings.correct().stream(), siblings.incorrect().stream()).toList();
    Advantages advantages = Advantages.of(all, normalised);
    if (advantages.deviation() == 0) {
      return List.of();
    }
    Prompt prompt = plain(tree, siblings);
    List<PolicyExample> drawn = new ArrayList<>();
    for (Candidate each : all) {
      PolicyExample example =
          new PolicyExample(
              role,
              tree.problem().id(),
              prompt,
              each.completion(),
              each.value(),
              advantages.of(each.value()));
      drawn.addAll(Collections.nCopies(each.times(), example));
    }
    return drawn;
  }

  private interface Score<T> {
    double of(T item);
  }

  private interface Order<T> {
    long of(T item);
  }

  /** The best {@code cap} items (all for 0), in their old order. */
  private static <T> List<T> capped(List<T> items, int cap, Score<T> score, Order<T> order) {
    if (cap == 0 || items.size() <= cap) {
      return items;
    }
    Comparator<T> best =
        Comparator.<T>comparingDouble(score::of).reversed().thenComparingLong(order::of);
    List<T> kept = items.stream().sorted(best).limit(cap).toList();
    return items.stream().filter(kept::contains).toList();
  }

  private Prompt plain(ValuedTree tree, Siblings siblings) {
    return new Prompt(
        team.prompt(tree.problem(), siblings.spoken()).messages().stream()
            .map(message -> Message.of(message.role(), message.text()))
            .toList());
  }
}
