package malt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.ToyTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedTree;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.tree.RandomTrees;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.junit.jupiter.api.Test;

final class DatasetBuilderTest {
  private static final ValueIteration PAPER = new ValueIteration(0.5, Pooling.GLOBAL);
  private static final List<AgentRole> ALL =
      List.of(AgentRole.GENERATOR, AgentRole.VERIFIER, AgentRole.REFINER);

  private final AgentTeam team = ToyTeam.of();

  private DatasetBuilder builder(DatasetSettings settings, boolean normalised) {
    return new DatasetBuilder(
        team, Set.copyOf(ALL), Set.copyOf(ALL), normalised, ToyBenchmark.GRADER, settings, 7);
  }

  private Map<AgentRole, RoleDataset> build(DatasetSettings settings, List<ValuedTree> trees) {
    return builder(settings, false).build(trees);
  }

  private RoleDataset build(DatasetSettings settings, AgentRole role, ValuedTree... trees) {
    return build(settings, List.of(trees)).get(role);
  }

  private static DatasetSettings caps(int examples, int pairs) {
    return new DatasetSettings(
        Truncated.KEEP, examples, pairs, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0);
  }

  private static DatasetSettings contested() {
    return new DatasetSettings(Truncated.KEEP, 0, 0, 0, 0, Pairing.WIDEST_GAP, true, false, 1, 0);
  }

  private static DatasetSettings balanced(int maxRepeat) {
    return new DatasetSettings(
        Truncated.KEEP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, true, maxRepeat, 0);
  }

  /** 1 + 2 = 3; ids are the characters; "~" is where the limit cut. */
  private static TreeNode node(List<Integer> path, String text, TreeNode... children) {
    Completion completion =
        new Completion(
            text,
            new int[] {path.size()},
            text.chars().toArray(),
            new float[text.length()],
            text.endsWith("~") ? FinishReason.LENGTH : FinishReason.STOP,
            AdapterRef.BASE,
            0);
    return new TreeNode(path, completion, List.of(children));
  }

  /** Under one answer, one critique per row of refinements: "1" right, "0" wrong. */
  private static TreeNode answer(int index, String text, String... rows) {
    List<TreeNode> critiques = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      String[] parts = rows[row].split(":");
      List<TreeNode> refinements = new ArrayList<>();
      for (int i = 0; i < parts[1].length(); i++) {
        String said = (parts[1].charAt(i) == '1' ? "#### 3" : "#### 4") + " ".repeat(i);
        refinements.add(node(List.of(index, row, i), said));
      }
      critiques.add(node(List.of(index, row), parts[0], refinements.toArray(new TreeNode[0])));
    }
    return node(List.of(index), text, critiques.toArray(new TreeNode[0]));
  }

  private static ValuedTree tree(TreeNode... roots) {
    Problem problem = ToyBenchmark.problems(1).get(0);
    return PAPER.value(new SearchTree(problem, List.of(roots)), ToyTeam.of(), ToyBenchmark.GRADER);
  }

  private static List<String> texts(RoleDataset set) {
    return set.examples().stream().map(example -> example.completion().text()).toList();
  }

  private static List<String> pairs(RoleDataset set) {
    return set.pairs().stream()
        .map(pair -> pair.chosen().text() + ">" + pair.rejected().text())
        .toList();
  }

  @Test
  void each_role_learns_from_siblings_under_its_own_prompt() {
    // critiques: good 1, bad 0 under the answer g; their mean, one half, makes g incorrect
    ValuedTree tree = tree(answer(0, "g", "good:11", "bad:00"));
    Map<AgentRole, RoleDataset> sets = build(DatasetSettings.paper(), List.of(tree));
    assertThat(sets.keySet()).containsExactlyElementsOf(ALL);
    assertThat(texts(sets.get(AgentRole.GENERATOR))).isEmpty();
    assertThat(texts(sets.get(AgentRole.VERIFIER))).containsExactly("good");
    assertThat(texts(sets.get(AgentRole.REFINER))).containsExactly("#### 3", "#### 3 ");
    assertThat(pairs(sets.get(AgentRole.VERIFIER))).containsExactly("good>bad");
    // the refinements of each critique are all alike: nothing to prefer under either
    assertThat(sets.get(AgentRole.REFINER).pairs()).isEmpty();
  }

  @Test
  void a_pair_keeps_its_values_and_the_prompt_as_plain_text() {
    RoleDataset set =
        build(
            DatasetSettings.paper(),
            AgentRole.VERIFIER,
            tree(answer(0, "g", "good:110", "bad:100")));
    PreferencePair pair = set.pairs().get(0);
    assertThat(pair.chosenValue()).isEqualTo(2 / 3.0);
    assertThat(pair.rejectedValue()).isEqualTo(1 / 3.0);
    assertThat(pair.problemId()).isEqualTo("toy-0");
    assertThat(pair.prompt().messages())
        .containsExactly(
            Message.of(Message.Role.USER, "What is 1 + 2 ?"),
            Message.of(Message.Role.ASSISTANT, "g"),
            Message.of(Message.Role.USER, "Check the answer."));
    assertThat(set.examples().get(0).prompt()).isEqualTo(pair.prompt());
    assertThat(set.examples().get(0).value()).isEqualTo(2 / 3.0);
  }

  @Test
  void pairs_of_the_generator_are_built_only_on_request() {
    ValuedTree tree = tree(answer(0, "g+", "v:11"), answer(1, "g-", "v:00"));
    DatasetBuilder papers =
        new DatasetBuilder(
            team,
            Set.of(AgentRole.VERIFIER, AgentRole.REFINER),
            Set.of(),
            false,
            ToyBenchmark.GRADER,
            DatasetSettings.paper(),
            7);
    assertThat(papers.build(List.of(tree)).get(AgentRole.GENERATOR).pairs()).isEmpty();
    assertThat(pairs(build(caps(0, 0), AgentRole.GENERATOR, tree))).containsExactly("g+>g-");
  }

  @Test
  void identical_completions_are_one_with_their_mean_value() {
    // "same" is worth (1 + 0) / 2 = 1/2: incorrect, though one of the two led to right answers
    RoleDataset set =
        build(
            caps(0, 0), AgentRole.VERIFIER, tree(answer(0, "g", "same:11", "other:11", "same:00")));
    assertThat(texts(set)).containsExactly("other");
    assertThat(pairs(set)).containsExactly("other>same");
    assertThat(set.pairs().get(0).rejectedValue()).isEqualTo(0.5);
  }

  @Test
  void completions_under_identical_critiques_answer_one_prompt() {
    // "same" was said twice; 3, 4_ under the first and 4, 3_ under the second are four siblings
    ValuedTree tree = tree(answer(0, "g", "same:10", "same:01"));
    RoleDataset set = build(caps(0, 0), AgentRole.REFINER, tree);
    assertThat(texts(set)).containsExactly("#### 3", "#### 3 ");
    assertThat(pairs(set))
        .containsExactly("#### 3>#### 4 ", "#### 3>#### 4", "#### 3 >#### 4 ", "#### 3 >#### 4");
    // said alike twice, they are one example
    ValuedTree twice = tree(answer(0, "g", "same:10", "same:10"));
    assertThat(texts(build(caps(0, 0), AgentRole.REFINER, twice))).containsExactly("#### 3");
    assertThat(pairs(build(caps(0, 0), AgentRole.REFINER, twice)))
        .containsExactly("#### 3>#### 4 ");
  }

  @Test
  void equal_texts_with_other_ids_are_no_pair() {
    Completion right = node(List.of(0), "#### 3").completion();
    Completion twin =
        new Completion(
            right.text(),
            right.promptIds(),
            new int[] {9},
            new float[1],
            FinishReason.STOP,
            AdapterRef.BASE,
            1);
    // the same words led to right refinements once and to wrong ones once
    TreeNode good = node(List.of(0, 0), "v", node(List.of(0, 0, 0), "#### 3"));
    TreeNode bad = node(List.of(1, 0), "v", node(List.of(1, 0, 0), "#### 4"));
    ValuedTree tree =
        tree(
            new TreeNode(List.of(0), right, List.of(good)),
            new TreeNode(List.of(1), twin, List.of(bad)));
    RoleDataset set = build(caps(0, 0), AgentRole.GENERATOR, tree);
    assertThat(set.examples()).hasSize(1);
    assertThat(set.pairs()).isEmpty();
  }

  @Test
  void completions_without_ids_are_identical_by_text() {
    List<TreeNode> roots = new ArrayList<>();
    for (String text : List.of("#### 3", "#### 3", "so: #### 3")) {
      Completion completion =
          new Completion(
              text,
              new int[0],
              new int[0],
              new float[0],
              FinishReason.STOP,
              AdapterRef.BASE,
              roots.size());
      roots.add(new TreeNode(List.of(roots.size()), completion, List.of()));
    }
    RoleDataset set = build(caps(0, 0), AgentRole.GENERATOR, tree(roots.toArray(new TreeNode[0])));
    assertThat(texts(set)).containsExactly("#### 3", "so: #### 3");
  }

  @Test
  void caps_keep_the_highest_values_and_the_widest_gaps() {
    // values 2/3, 1, 0, 1/3
    ValuedTree tree = tree(answer(0, "g", "a:110", "b:111", "c:000", "d:100"));
    RoleDataset set = build(caps(1, 2), AgentRole.VERIFIER, tree);
    assertThat(texts(set)).containsExactly("b");
    // gaps: b-c 1, a-c 2/3, b-d 2/3, a-d 1/3
    assertThat(pairs(set)).hasSize(2).contains("b>c").doesNotContain("a>d");
    assertThat(pairs(build(caps(1, 3), AgentRole.VERIFIER, tree)))
        .containsExactly("a>c", "b>c", "b>d");
    assertThat(pairs(build(caps(0, 0), AgentRole.VERIFIER, tree))).hasSize(4);
  }

  @Test
  void pairs_that_part_late_are_kept_where_the_common_prefix_counts() {
    ValuedTree tree = tree(answer(0, "g", "1 ok 2 bad:111", "fine:110", "1 ok:100", "9 bad:000"));
    DatasetSettings late =
        new DatasetSettings(Truncated.KEEP, 0, 1, 0, 0, Pairing.COMMON_PREFIX, false, false, 1, 0);
    assertThat(pairs(build(late, AgentRole.VERIFIER, tree))).containsExactly("1 ok 2 bad>1 ok");
    assertThat(pairs(build(caps(0, 1), AgentRole.VERIFIER, tree)))
        .containsExactly("1 ok 2 bad>9 bad");
  }

  @Test
  void a_truncated_completion_enters_no_set_where_it_is_dropped() {
    ValuedTree tree = tree(answer(0, "g", "a:1", "b~:1", "c:0", "d~:0"));
    DatasetSettings kept = caps(0, 0);
    assertThat(texts(build(kept, AgentRole.VERIFIER, tree))).containsExactly("a", "b~");
    assertThat(pairs(build(kept, AgentRole.VERIFIER, tree)))
        .containsExactly("a>c", "a>d~", "b~>c", "b~>d~");
    DatasetSettings dropped =
        new DatasetSettings(Truncated.DROP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0);
    assertThat(texts(build(dropped, AgentRole.VERIFIER, tree))).containsExactly("a");
    assertThat(pairs(build(dropped, AgentRole.VERIFIER, tree))).containsExactly("a>c");
  }

  @Test
  void a_cap_on_the_whole_set_keeps_the_order_and_is_drawn_by_the_seed() {
    ValuedTree tree = tree(answer(0, "g", "a:1", "b:1", "c:1", "d:1", "e:0", "f:0"));
    DatasetSettings all =
        new DatasetSettings(Truncated.KEEP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0);
    DatasetSettings few =
        new DatasetSettings(Truncated.KEEP, 0, 0, 2, 3, Pairing.WIDEST_GAP, false, false, 1, 0);
    RoleDataset kept = build(few, AgentRole.VERIFIER, tree);
    assertThat(texts(kept)).hasSize(2);
    assertThat(texts(build(all, AgentRole.VERIFIER, tree))).containsSubsequence(texts(kept));
    assertThat(pairs(kept)).hasSize(3).doesNotHaveDuplicates();
    assertThat(pairs(build(all, AgentRole.VERIFIER, tree))).containsSubsequence(pairs(kept));
    assertThat(build(few, AgentRole.VERIFIER, tree)).isEqualTo(kept);
  }

  @Test
  void a_cap_among_equals_is_drawn_by_the_seed_alone() {
    ValuedTree tree = tree(answer(0, "g", "a:1", "b:1", "c:1", "d:1", "e:1", "f:1"));
    List<String> kept = new ArrayList<>();
    for (long seed = 0; seed < 20; seed++) {
      DatasetBuilder builder =
          new DatasetBuilder(
              team, Set.of(), Set.of(), false, ToyBenchmark.GRADER, caps(1, 0), seed);
      String once = texts(builder.build(List.of(tree)).get(AgentRole.VERIFIER)).get(0);
      assertThat(texts(builder.build(List.of(tree)).get(AgentRole.VERIFIER))).containsExactly(once);
      kept.add(once);
    }
    assertThat(new HashSet<>(kept)).hasSizeGreaterThan(2);
  }

  @Test
  void a_smallest_gap_drops_the_pairs_below_it() {
    ValuedTree tree = tree(answer(0, "g", "a:110", "b:111", "c:000", "d:100"));
    DatasetSettings wide =
        new DatasetSettings(Truncated.KEEP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0.6);
    assertThat(pairs(build(wide, AgentRole.VERIFIER, tree))).containsExactly("a>c", "b>c", "b>d");
  }

  @Test
  void contested_prompts_have_both_labels_and_the_first_role_is_free_of_it() {
    ValuedTree tree =
        tree(
            answer(0, "g", "good:11", "bad:00", "fine:11"),
            answer(1, "h", "good:11", "fine:10", "same:11"),
            answer(2, "i", "approve:11", "praise:11"));
    Map<AgentRole, RoleDataset> sets = build(contested(), List.of(tree));
    // h has good and same above one half and fine at it; i has no incorrect critique
    assertThat(texts(sets.get(AgentRole.VERIFIER))).containsExactly("good", "fine", "good", "same");
    assertThat(texts(sets.get(AgentRole.REFINER))).containsExactly("#### 3");
    ValuedTree single = tree(answer(0, "g", "v:1"));
    assertThat(texts(build(contested(), AgentRole.GENERATOR, single))).containsExactly("g");
  }

  @Test
  void balance_repeats_the_rarer_kind_up_to_the_limit() {
    // the right answer has four correct critiques, the wrong one has one
    ValuedTree tree =
        tree(
            answer(0, "#### 3", "a:1", "b:1", "c:1", "d:1", "no:0"),
            answer(1, "#### 5", "fix:1", "mend:0"));
    RoleDataset twice = build(balanced(2), AgentRole.VERIFIER, tree);
    assertThat(texts(twice)).containsExactly("a", "b", "c", "d", "fix", "fix");
    RoleDataset even = build(balanced(9), AgentRole.VERIFIER, tree);
    assertThat(texts(even)).containsExactly("a", "b", "c", "d", "fix", "fix", "fix", "fix");
    assertThat(pairs(even)).filteredOn("fix>mend"::equals).hasSize(4);
    assertThat(build(balanced(9), AgentRole.GENERATOR, tree).examples()).hasSize(1);
    assertThat(texts(build(balanced(1), AgentRole.VERIFIER, tree))).hasSize(5);
  }

  @Test
  void balance_spreads_the_remainder_and_leaves_a_lonely_kind_as_it_is() {
    ValuedTree five =
        tree(
            answer(0, "#### 3", "a:1", "b:1"),
            answer(1, "#### 5", "c:1", "d:1", "e:1", "f:1", "g:1"));
    List<String> texts = texts(build(balanced(9), AgentRole.VERIFIER, five));
    // two right ones make five: one stands twice, the other three times
    assertThat(texts).hasSize(10);
    assertThat(texts.stream().filter("a"::equals).count()).isBetween(2L, 3L);
    assertThat(texts.stream().filter(t -> t.equals("a") || t.equals("b")).count()).isEqualTo(5);
    ValuedTree lonely = tree(answer(0, "#### 3", "a:1", "b:1"));
    assertThat(texts(build(balanced(9), AgentRole.VERIFIER, lonely))).containsExactly("a", "b");
  }

  @Test
  void random_trees_with_trouble_obey_the_rules_of_pairs() {
    for (Pooling pooling : Pooling.values()) {
      ValueIteration rule = new ValueIteration(0.5, pooling);
      List<ValuedTree> trees = RandomTrees.of(4, 4, 4).withTrouble().valued(3, 40, rule);
      for (RoleDataset set : build(caps(2, 3), trees).values()) {
        assertThat(set.pairs()).isNotEmpty().doesNotHaveDuplicates();
        for (PreferencePair pair : set.pairs()) {
          assertThat(pair.chosenValue()).isGreaterThan(0.5);
          assertThat(pair.rejectedValue()).isLessThanOrEqualTo(0.5);
          assertThat(pair.chosen().text()).isNotEqualTo(pair.rejected().text());
          assertThat(pair.chosen().promptIds()).isEqualTo(pair.rejected().promptIds());
          assertThat(pair.chosen().finish()).isNotEqualTo(FinishReason.FAILED);
          assertThat(pair.rejected().finish()).isNotEqualTo(FinishReason.FAILED);
        }
        assertThat(set.examples()).isNotEmpty().allMatch(example -> example.value() > 0.5);
        requireCaps(set);
      }
    }
  }

  private static void requireCaps(RoleDataset set) {
    Map<String, Integer> examples = new HashMap<>();
    set.examples()
        .forEach(
            example ->
                examples.merge(Arrays.toString(example.completion().promptIds()), 1, Integer::sum));
    assertThat(examples.values()).allMatch(count -> count <= 2);
    Map<String, Integer> pairs = new HashMap<>();
    set.pairs()
        .forEach(pair -> pairs.merge(Arrays.toString(pair.chosen().promptIds()), 1, Integer::sum));
    assertThat(pairs.values()).allMatch(count -> count <= 3);
  }

  @Test
  void a_problem_builds_the_same_alone_and_among_others() {
    List<ValuedTree> trees = RandomTrees.of(3, 3, 3).valued(8, 10, PAPER);
    List<PreferencePair> together = build(caps(1, 1), trees).get(AgentRole.REFINER).pairs();
    List<PreferencePair> alone = new ArrayList<>();
    trees.forEach(tree -> alone.addAll(build(caps(1, 1), AgentRole.REFINER, tree).pairs()));
    assertThat(alone).isEqualTo(together);
  }

  @Test
  void settings_out_of_range_are_refused_all_at_once() {
    assertThatThrownBy(
            () ->
                new DatasetSettings(
                    Truncated.KEEP, -1, -2, 0, 0, Pairing.WIDEST_GAP, false, false, 0, 1.5))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("max_examples_per_prompt")
        .hasMessageContaining("max_pairs_per_prompt")
        .hasMessageContaining("max_repeat")
        .hasMessageContaining("min_value_gap");
  }

  /** "text value advantage" of each completion. */
  private static List<String> policy(RoleDataset set) {
    return set.policy().stream()
        .map(
            each ->
                "%s %.3f %+.3f".formatted(each.completion().text(), each.value(), each.advantage()))
        .toList();
  }

  @Test
  void an_advantage_is_the_value_less_the_mean_of_the_siblings() {
    ValuedTree tree = tree(answer(0, "g", "good:110", "bad:000", "ok:100"));
    RoleDataset set = build(caps(1, 1), AgentRole.VERIFIER, tree);
    assertThat(policy(set))
        .containsExactly("good 0.667 +0.333", "bad 0.000 -0.333", "ok 0.333 +0.000");
    assertThat(set.policy().get(0).prompt()).isEqualTo(set.examples().get(0).prompt());
    // the refinements of bad are worth the same, so nothing is to be learned from them
    assertThat(build(caps(0, 0), AgentRole.REFINER, tree).policy())
        .hasSize(6)
        .noneMatch(each -> each.prompt().messages().toString().contains("bad"));
  }

  @Test
  void identical_completions_count_as_often_as_they_were_drawn() {
    // "same" is worth 1/2 twice: the mean is (1/2 + 1/2 + 1) / 3
    ValuedTree tree = tree(answer(0, "g", "same:11", "other:11", "same:00"));
    assertThat(policy(build(caps(0, 0), AgentRole.VERIFIER, tree)))
        .containsExactly("other 1.000 +0.333", "same 0.500 -0.167", "same 0.500 -0.167");
  }

  @Test
  void an_advantage_may_be_divided_by_the_deviation_of_the_siblings() {
    ValuedTree tree = tree(answer(0, "g", "good:11", "bad:00"));
    RoleDataset set = builder(caps(0, 0), true).build(List.of(tree)).get(AgentRole.VERIFIER);
    // 1/2 and -1/2 over sqrt((1/4 + 1/4) / 1)
    assertThat(policy(set)).containsExactly("good 1.000 +0.707", "bad 0.000 -0.707");
  }

  @Test
  void what_the_limit_cut_stays_in_a_policys_set() {
    ValuedTree tree = tree(answer(0, "g", "a:1", "b~:0"));
    DatasetSettings dropped =
        new DatasetSettings(Truncated.DROP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0);
    assertThat(policy(build(dropped, AgentRole.VERIFIER, tree)))
        .containsExactly("a 1.000 +0.500", "b~ 0.000 -0.500");
  }

  @Test
  void prompts_whose_completions_are_worth_the_same_are_left_out_and_counted() {
    ValuedTree tree = tree(answer(0, "g", "a:11", "b:11"), answer(1, "h", "a:11", "b:00"));
    Drawn drawn = new Drawn();
    DatasetBuilder.Draft draft = builder(caps(0, 0), false).draft(drawn);
    draft.offer(tree);
    draft.decide();
    draft.offer(tree);
    assertThat(drawn.policy)
        .extracting(each -> each.role() + " " + each.completion().text())
        .containsExactly("generator g", "generator h", "verifier a", "verifier b");
    assertThat(ALL).extracting(draft::undecided).containsExactly(0, 1, 4);
  }

  @Test
  void who_learns_by_no_policy_gets_no_set_of_one() {
    ValuedTree tree = tree(answer(0, "g", "good:11", "bad:00"));
    DatasetBuilder builder =
        new DatasetBuilder(
            team, Set.of(), Set.of(AgentRole.REFINER), false, ToyBenchmark.GRADER, caps(0, 0), 7);
    assertThat(builder.build(List.of(tree)).get(AgentRole.VERIFIER).policy()).isEmpty();
  }

  private static final class Drawn implements DatasetBuilder.Sink {
    private final List<PolicyExample> policy = new ArrayList<>();

    @Override
    public void example(SftExample example) {}

    @Override
    public void pair(PreferencePair pair) {}

    @Override
    public void policy(PolicyExample example) {
      policy.add(example);
    }
  }
}
