package malt.agent;

import static malt.evaluation.Toy.GRADER;
import static malt.evaluation.Toy.says;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import malt.evaluation.Toy;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.ChoiceGrader;
import malt.problem.Grader;
import malt.problem.math.MathGrader;
import org.junit.jupiter.api.Test;

class MajorityVoteTest {
  private static String winner(Completion... completions) {
    return winner(List.of(completions));
  }

  private static String winner(List<Completion> completions) {
    return MajorityVote.winner(GRADER, "", completions).map(Completion::text).orElse("none");
  }

  @Test
  void the_answer_given_most_often_wins() {
    assertThat(winner(says("=1", -1), says("=2", -50), says("=2", -50))).isEqualTo("=2");
  }

  @Test
  void answers_are_equal_where_the_grader_says_so() {
    assertThat(winner(says("=7", -1), says("=012", -9), says("=12", -9))).isEqualTo("=012");
  }

  @Test
  void a_three_way_tie_goes_to_the_likeliest_completion() {
    assertThat(winner(says("=1", -3), says("=2", -1), says("=3", -2))).isEqualTo("=2");
  }

  @Test
  void a_tie_of_pairs_goes_to_the_higher_sum_not_the_highest_member() {
    // =1: -1 + -9 = -10, =2: -4 + -4 = -8
    assertThat(winner(says("=1", -1), says("=2", -4), says("=1", -9), says("=2", -4)))
        .isEqualTo("=2");
  }

  @Test
  void a_tie_of_equal_log_probabilities_goes_to_the_first_given() {
    assertThat(winner(says("=3", -2), says("=1", -2), says("=2", -2))).isEqualTo("=3");
  }

  @Test
  void a_tie_goes_to_the_first_given_when_a_model_returned_no_log_probabilities() {
    Completion bare = Toy.completion("=2", new float[0], FinishReason.STOP);
    assertThat(winner(says("=1", -9), bare, says("=3", -1))).isEqualTo("=1");
    assertThat(winner(bare, says("=1", -9), says("=3", -1))).isEqualTo("=2");
  }

  @Test
  void completions_without_an_answer_do_not_count() {
    assertThat(winner(says("hm", -0.1), says("hm", -0.1), says("=5", -99))).isEqualTo("=5");
  }

  @Test
  void nobody_wins_where_nobody_states_an_answer() {
    assertThat(winner(says("hm"), says("well"))).isEqualTo("none");
    assertThat(winner(List.of())).isEqualTo("none");
  }

  @Test
  void the_order_of_the_passes_matters_only_where_log_probabilities_tie_too() {
    Random random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      List<Completion> completions = new ArrayList<>();
      int votes = 1 + random.nextInt(7);
      for (int i = 0; i < votes; i++) {
        String text = random.nextInt(5) == 0 ? "hm" : "=" + random.nextInt(3);
        completions.add(says(text, -random.nextDouble() * 30));
      }
      String before = winner(completions);
      Collections.shuffle(completions, random);
      assertThat(winner(completions)).isEqualTo(before);
    }
  }

  @Test
  void equal_answers_vote_together_however_they_are_written() {
    Grader math = MathGrader.strict();
    List<Completion> answers =
        List.of(
            says("\\boxed{7}", -1),
            says("\\boxed{50\\%}", -9),
            says("\\boxed{\\frac{1}{2}}", -9),
            says("Final Answer: $x > 2$", -9),
            says("Final Answer: $(2, \\infty)$", -9));
    assertThat(
            MajorityVote.count(math, "", answers).stream().map(votes -> votes.completions().size()))
        .containsExactly(1, 2, 2);
    assertThat(MajorityVote.winner(math, "", answers.subList(0, 3))).contains(answers.get(1));
  }

  @Test
  void a_letter_and_the_words_of_its_choice_vote_together() {
    String question = "Where is money kept?\nA. bank\nB. park";
    List<Completion> answers =
        List.of(says("Final Answer: B"), says("Final Answer: bank"), says("Final Answer: A"));
    assertThat(MajorityVote.winner(ChoiceGrader.strict(), question, answers))
        .contains(answers.get(1));
  }
}
