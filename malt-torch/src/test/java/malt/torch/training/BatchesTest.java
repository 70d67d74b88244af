package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  /** Prompts of one id, and how many ids enter a forward: {id, inputs, id, inputs, ...}. */
  private static List<TokenSequence> sequences(int... described) {
    List<TokenSequence> all = new ArrayList<>();
    for (int i = 0; i < described.length; i += 2) {
      all.add(new TokenSequence(new int[] {described[i]}, new int[described[i + 1]]));
    }
    return all;
  }

  @Test
  void an_epoch_is_a_permutation_that_seed_and_epoch_decide() {
    int[] order = Batches.shuffled(100, 7, 0);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(Batches.shuffled(100, 7, 0)).isEqualTo(order);
    assertThat(Batches.shuffled(100, 7, 1)).isNotEqualTo(order);
    assertThat(Batches.shuffled(100, 8, 0)).isNotEqualTo(order);
  }

  @Test
  void the_last_batch_keeps_what_is_left() {
    assertThat(Batches.of(new int[] {4, 2, 0, 1, 3}, 2))
        .containsExactly(new int[] {4, 2}, new int[] {0, 1}, new int[] {3});
  }

  @Test
  void a_micro_batch_is_filled_up_to_its_tokens_and_a_long_example_goes_alone() {
    Objective objective = new SftObjective(sequences(0, 9, 1, 2, 2, 5, 3, 5, 4, 30, 5, 1));
    // 9 + 2 fit in 12, 5 more do not; 5 + 5 do, 30 more do not
    assertThat(Batches.micro(new int[] {0, 1, 2, 3, 4, 5}, objective, 12))
        .containsExactly(new int[] {0, 1}, new int[] {2, 3}, new int[] {4}, new int[] {5});
  }

  @Test
  void examples_of_one_prompt_come_together_and_pay_for_it_once() {
    Objective objective = new SftObjective(sequences(0, 4, 1, 5, 0, 3, 2, 2, 0, 6));
    // of prompt 0: 4, then 2 and 5 more without their prompt, 11 in all; then 5 + 2
    assertThat(Batches.micro(new int[] {0, 1, 2, 3, 4}, objective, 11))
        .containsExactly(new int[] {0, 2, 4}, new int[] {1, 3});
  }

  @Test
  void parts_of_a_batch_have_about_as_many_tokens_and_never_divide_a_prompt() {
    Objective objective = new SftObjective(sequences(0, 4, 1, 5, 0, 3, 2, 2, 0, 6, 3, 9));
    int[] batch = {5, 4, 3, 2, 1, 0};
    // 11 inputs of prompt 0, then 9 of 3, 5 of 1, 2 of 2
    assertThat(Batches.parts(batch, objective, 2))
        .containsExactly(new int[] {4, 3, 2, 0}, new int[] {5, 1});
    assertThat(Batches.parts(batch, objective, 9))
        .containsExactly(new int[] {4, 2, 0}, new int[] {5}, new int[] {1}, new int[] {3});
    assertThat(Batches.parts(batch, objective, 1)).containsExactly(batch);
  }
}
