package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import malt.ModelException;
import malt.agent.AgentTeam;
import malt.agent.ToyTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedNode;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import org.junit.jupiter.api.Test;

final class AdaptiveGrowthTest {
  private static final Branching MOST = new Branching(List.of(3, 3, 5));
  private static final List<Problem> PROBLEMS = ToyBenchmark.problems(12);
  private static final ValueIteration RULE = new ValueIteration(0.5, Pooling.GLOBAL);

  private final AgentTeam team = ToyTeam.of();

  /** Right as often as the problem's own skill says: never, always, or in between. */
  private static ScriptedModel model() {
    return new ScriptedModel(
        (prompt, seed) -> {
          int at = prompt.indexOf("What is ");
          Problem problem =
              PROBLEMS.stream()
                  .filter(each -> prompt.startsWith(each.question(), at))
                  .findFirst()
                  .orElseThrow();
          int skill = PROBLEMS.indexOf(problem) % 4; // of 3
          return "#### " + (Math.floorMod(seed, 3) < skill ? problem.answer() : "1000");
        });
  }

  private ChunkExpansion chunk(List<Integer> first, int agree, Branching most) {
    AdaptiveGrowth growth = new AdaptiveGrowth(first, agree, 0.5, ToyBenchmark.GRADER);
    return new ChunkExpansion(team, PROBLEMS, most, growth, null, "train/joint", 7);
  }

  private List<SearchTree> grown(List<Integer> first, int agree, Branching most) {
    return chunk(first, agree, most)
        .expand(model(), new HeldInMemory().of("train/joint"), turn -> {});
  }

  private List<SearchTree> whole(Branching branching) {
    return new ChunkExpansion(team, PROBLEMS, branching, null, null, "train/joint", 7)
        .expand(model(), new HeldInMemory().of("train/joint"), turn -> {});
  }

  @Test
  void a_question_whose_first_answers_agree_grows_no_more() {
    List<SearchTree> trees = grown(List.of(3, 1, 1), 2, MOST);
    for (int i = 0; i < trees.size(); i++) {
      int nodes = trees.get(i).nodes().size();
      if (i % 4 == 0 || i % 4 == 3) { // never or always right
        assertThat(nodes).isEqualTo(3 + 3 + 3);
      } else {
        assertThat(nodes).isBetween(9, 3 + 9 + 45);
      }
    }
    assertThat(trees).anyMatch(tree -> tree.nodes(1).size() == 9);
  }

  @Test
  void a_critique_has_more_refinements_until_its_label_is_decided() {
    List<SearchTree> trees = grown(List.of(3, 3, 1), 2, MOST);
    List<ValuedNode> critiques =
        trees.stream()
            .filter(tree -> tree.nodes(2).size() > 9)
            .flatMap(tree -> RULE.value(tree, team, ToyBenchmark.GRADER).nodes(1).stream())
            .filter(critique -> critique.children().size() > 1)
            .toList();
    assertThat(critiques).hasSizeGreaterThan(10);
    for (ValuedNode critique : critiques) {
      int all = critique.children().size();
      long right = critique.children().stream().filter(each -> each.label()).count();
      if (right == 0 || right == all) {
        assertThat(all).isEqualTo(2);
      } else {
        boolean settled = right > 2.5 || right + 5 - all <= 2.5;
        assertThat(settled).as("%d of %d right", right, all).isTrue();
        assertThat(Math.max(right, all - right)).as("as soon as it is").isEqualTo(3);
      }
    }
  }

  @Test
  void where_two_of_three_decide_labels_are_those_of_the_whole_tree() {
    Branching three = new Branching(List.of(3, 3, 3));
    List<SearchTree> whole = whole(three);
    // 100 agree nowhere but in the last turn's settled labels
    List<SearchTree> grown = grown(List.of(3, 3, 1), 100, three);
    long saved = 0;
    for (int i = 0; i < whole.size(); i++) {
      List<ValuedNode> all = RULE.value(whole.get(i), team, ToyBenchmark.GRADER).nodes(1);
      List<ValuedNode> some = RULE.value(grown.get(i), team, ToyBenchmark.GRADER).nodes(1);
      assertThat(some).extracting(ValuedNode::label).isEqualTo(labels(all));
      saved += whole.get(i).nodes().size() - grown.get(i).nodes().size();
      assertThat(whole.get(i).nodes()).extracting(TreeNode::path).containsAll(paths(grown.get(i)));
    }
    assertThat(saved).isGreaterThan(50);
  }

  private static List<Boolean> labels(List<ValuedNode> nodes) {
    return nodes.stream().map(ValuedNode::label).toList();
  }

  private static List<List<Integer>> paths(SearchTree tree) {
    return tree.nodes().stream().map(TreeNode::path).toList();
  }

  @Test
  void trees_that_were_interrupted_at_any_call_grow_into_the_same() {
    ChunkExpansion chunk = chunk(List.of(3, 1, 1), 2, MOST);
    ScriptedModel model = model();
    List<SearchTree> expected =
        chunk.expand(model, new HeldInMemory().of("train/joint"), turn -> {});
    int calls = model.calls().size();
    assertThat(calls).as("three turns, then growth").isGreaterThan(6);
    for (int survived = 0; survived < calls; survived++) {
      HeldInMemory held = new HeldInMemory();
      ScriptedModel before = model();
      int most = survived;
      LanguageModel mortal =
          requests -> {
            if (before.calls().size() == most) {
              throw new ModelException("killed", false);
            }
            return before.sample(requests);
          };
      try {
        chunk.expand(mortal, held.of("train/joint"), turn -> keep(held, turn));
      } catch (ModelException killed) {
        assertThat(killed).hasMessage("killed");
      }
      ScriptedModel after = model();
      assertThat(chunk.expand(after, held.of("train/joint"), turn -> keep(held, turn)))
          .isEqualTo(expected);
      List<List<SamplingRequest>> made = new ArrayList<>(before.calls());
      made.addAll(after.calls());
      assertThat(made).as("killed after %d calls", survived).isEqualTo(model.calls());
    }
  }

  private static void keep(HeldInMemory held, ChunkExpansion.Turn turn) {
    held.append("train/joint", turn.lineage(), turn.sampled());
  }

  @Test
  void what_cannot_be_graded_decides_nothing() {
    Map<Integer, Integer> leaves = new TreeMap<>();
    ScriptedModel mute = new ScriptedModel((prompt, seed) -> "#### ?");
    chunk(List.of(3, 1, 1), 2, MOST)
        .expand(mute, new HeldInMemory().of("train/joint"), turn -> {})
        .forEach(tree -> leaves.merge(tree.leaves().size(), 1, Integer::sum));
    assertThat(leaves).containsOnlyKeys(45);
  }
}
