package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = new TensorScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor pair(double chosen, double rejected) {
    return Tensors.MAIN.ofFloats(new float[] {(float) chosen, (float) rejected}, 1, 2);
  }

  private static DpoLoss.Terms dpo(DpoLoss formula) {
    // log pi = {-6, -8}, log ref = {-7, -4}: log-ratios +1 and -4; lengths 2 and 4
    return formula.of(pair(-6, -8), pair(-7, -4), pair(2, 4));
  }

  @Test
  void dpo_is_ln_2_where_policy_and_reference_agree() {
    for (boolean normalised : new boolean[] {false, true}) {
      DpoLoss formula = new DpoLoss(0.37, 0, normalised);
      Tensor logProbs = pair(-12.5, -3.25);
      assertThat(formula.of(logProbs, logProbs, pair(3, 9)).loss().item_double())
          .isCloseTo(Math.log(2), CLOSE);
    }
  }

  @Test
  void dpo_by_hand_from_four_numbers() {
    DpoLoss.Terms terms = dpo(new DpoLoss(0.2, 0, false));
    // margin 0.2 (1 + 4) = 1; -log sigmoid(1) = log(1 + e^-1) = 0.3132617
    assertThat(terms.loss().item_double()).isCloseTo(0.3132617, CLOSE);
    assertThat(Tensors.floats(terms.rewards())).containsExactly(0.2f, -0.8f);
  }

  @Test
  void length_normalisation_divides_each_log_ratio_by_its_tokens() {
    DpoLoss.Terms terms = dpo(new DpoLoss(0.2, 0, true));
    // rewards 0.2 (1 / 2) = 0.1 and 0.2 (-4 / 4) = -0.2; log(1 + e^-0.3) = 0.5543552
    assertThat(Tensors.floats(terms.rewards())).containsExactly(0.1f, -0.2f);
    assertThat(terms.loss().item_double()).isCloseTo(0.5543552, CLOSE);
  }

  @Test
  void the_nll_term_is_that_of_the_chosen_side_by_token() {
    DpoLoss.Terms terms = dpo(new DpoLoss(0.2, 0.5, false));
    // 6 nats over 2 tokens: 3; 0.3132617 + 0.5 x 3
    assertThat(terms.nll().item_double()).isCloseTo(3, CLOSE);
    assertThat(terms.loss().item_double()).isCloseTo(1.8132617, CLOSE);
  }

  @Test
  void dpo_stays_finite_far_from_the_reference() {
    Tensor loss = new DpoLoss(1, 0, false).of(pair(-900, 0), pair(0, -900), pair(1, 1)).loss();
    assertThat(loss.item_double()).isEqualTo(1800);
  }

  @Test
  void sft_divides_by_the_tokens_of_the_whole_batch() {
    Tensor part = Tensors.MAIN.ofFloats(new float[] {-1, -2, -0.5f}, 3);
    // 3.5 nats in this micro-batch of a batch of 7 tokens
    assertThat(SftObjective.loss(part, 7).item_double()).isCloseTo(0.5, CLOSE);
  }
}
