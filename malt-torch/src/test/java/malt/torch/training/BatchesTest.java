package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static TokenSequence ofInputs(int inputs) {
    return new TokenSequence(new int[] {1}, new int[inputs]);
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
  void a_micro_batch_holds_like_lengths_within_its_tokens() {
    Objective objective =
        new SftObjective(List.of(ofInputs(9), ofInputs(2), ofInputs(5), ofInputs(3), ofInputs(30)));
    // by length 2, 3, 5, 9, 30: 2 x 3 fits in 12, 3 x 5 does not; 2 x 9 does not; 30 goes alone
    assertThat(Batches.micro(new int[] {0, 1, 2, 3, 4}, objective, 12))
        .containsExactly(new int[] {1, 3}, new int[] {2}, new int[] {0}, new int[] {4});
  }
}
