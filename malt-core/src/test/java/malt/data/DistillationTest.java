package malt.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import malt.agent.AgentTeam;
import malt.agent.PromptTemplate;
import malt.agent.ToyTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedTree;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.junit.jupiter.api.Test;

final class DistillationTest {
  private static final Problem PROBLEM = ToyBenchmark.of(1, 0, 0).train().get(0);
  private static final String RIGHT = "#### " + PROBLEM.answer();

  private final AgentTeam team = ToyTeam.judged("wrong", true);

  private static TreeNode node(String text, TreeNode... children) {
    FinishReason finish = text.endsWith("~") ? FinishReason.LENGTH : FinishReason.STOP;
    int[] ids = text.chars().toArray();
    Completion said =
        new Completion(text, ids, ids, new float[ids.length], finish, AdapterRef.BASE, 5);
    return new TreeNode(List.of(0), said, List.of(children));
  }

  /** A right answer that nobody objects to, and wrong ones, of which some are mended. */
  private ValuedTree tree() {
    TreeNode failed =
        new TreeNode(List.of(0), Completion.failed(AdapterRef.BASE, 0, Remark.GIVEN_UP), List.of());
    SearchTree tree =
        new SearchTree(
            PROBLEM,
            List.of(
                node(RIGHT, node("fine")),
                node(
                    "#### 1",
                    node("wrong", node("so " + RIGHT), node("so " + RIGHT), node("#### 2")),
                    node("wrong, very", node("ah " + RIGHT), node(RIGHT + " ~"), failed))));
    return new ValueIteration(0.5, Pooling.GLOBAL).value(tree, team, ToyBenchmark.GRADER);
  }

  private List<String> said(boolean conversation, Truncated truncated, int most) {
    DatasetSettings settings =
        new DatasetSettings(truncated, most, 0, 0, 0, Pairing.WIDEST_GAP, true, true, 4, 0);
    List<SftExample> examples =
        new Distillation(
                team,
                PromptTemplate.of("{question}"),
                conversation,
                ToyBenchmark.GRADER,
                settings,
                7)
            .examples(tree());
    assertThat(examples)
        .allSatisfy(
            example -> {
              assertThat(example.role()).isEqualTo(Distillation.STUDENT);
              assertThat(example.prompt().messages()).hasSize(1);
              assertThat(example.prompt().messages().get(0).text()).isEqualTo(PROBLEM.question());
              assertThat(example.completion().ids()).as("nobody said it to this prompt").isEmpty();
            });
    return examples.stream().map(example -> example.completion().text()).toList();
  }

  @Test
  void a_student_learns_each_right_answer_of_the_team_once() {
    assertThat(said(false, Truncated.DROP, 0)).containsExactly(RIGHT, "so " + RIGHT, "ah " + RIGHT);
    assertThat(said(false, Truncated.KEEP, 0)).contains(RIGHT + " ~");
  }

  @Test
  void where_there_are_too_many_those_that_were_said_most_often_stay() {
    assertThat(said(false, Truncated.DROP, 1)).containsExactly("so " + RIGHT);
  }

  @Test
  void a_student_of_conversations_says_all_up_to_the_answer() {
    assertThat(said(true, Truncated.DROP, 0))
        .containsExactly(
            RIGHT, // nobody objected to it
            "#### 1\n\nwrong\n\nso " + RIGHT,
            "#### 1\n\nwrong, very\n\nah " + RIGHT);
  }
}
