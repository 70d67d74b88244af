package malt.torch.training;

import static malt.torch.training.DoubleModel.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward.Keep;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SequenceLogProbsTest {
  private static final TokenSequence LONG =
      new TokenSequence(new int[] {3, 1, 4, 1, 5, 9, 2, 6}, new int[] {5, 3, 5, 8, 9, 7, 9});
  private static final TokenSequence SHORT = new TokenSequence(new int[] {2}, new int[] {7, 1});
  private long before;
  private DoubleModel tiny;
  private TensorScope scope;
  private GradMode grad;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    tiny = DoubleModel.open();
    scope = new TensorScope();
    grad = GradMode.off();
  }

  @AfterEach
  void close_and_nothing_leaks() {
    grad.close();
    scope.close();
    tiny.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private SequenceLogProbs of(TokenSequence... rows) {
    return SequenceLogProbs.of(tiny.model(), tiny.adapter(), List.of(rows), Keep.NOTHING);
  }

  /** log p of each completion id from the logits of the whole sequence, written out. */
  private double[] byHand(TokenSequence row, LoraAdapter adapter) {
    long[] ids =
        IntStream.concat(Arrays.stream(row.prompt()), Arrays.stream(row.completion()))
            .asLongStream()
            .toArray();
    Tensor tokens = Tensors.MAIN.ofLongs(ids, 1, ids.length);
    Tensor logits = tiny.model().logits(tiny.model().forward(tokens, adapter)).select(0, 0);
    double[] logProbs = new double[row.completion().length];
    for (int i = 0; i < logProbs.length; i++) {
      double[] z = values(logits.select(0, row.prompt().length - 1 + i));
      double sum = 0;
      for (double logit : z) {
        sum += Math.exp(logit);
      }
      logProbs[i] = z[row.completion()[i]] - Math.log(sum);
    }
    return logProbs;
  }

  @Test
  void each_id_has_the_log_softmax_of_the_logits_before_it() {
    double[] expected = byHand(LONG, tiny.adapter());
    SequenceLogProbs found = of(LONG);
    assertThat(values(found.tokens())).containsExactly(expected, within(1e-12));
    double sum = 0;
    for (double logProb : expected) {
      sum += logProb;
    }
    assertThat(values(found.sums())).containsExactly(new double[] {sum}, within(1e-12));
  }

  @Test
  void sequences_side_by_side_change_no_log_probability() {
    double[] together = values(of(SHORT, LONG, SHORT).tokens());
    List<Double> alone = new ArrayList<>();
    for (TokenSequence row : List.of(SHORT, LONG, SHORT)) {
      for (double logProb : byHand(row, tiny.adapter())) {
        alone.add(logProb);
      }
    }
    assertThat(together)
        .containsExactly(alone.stream().mapToDouble(d -> d).toArray(), within(1e-12));
    assertThat(values(of(SHORT, LONG, SHORT).sums())[1])
        .isCloseTo(values(of(LONG).sums())[0], within(1e-12));
  }

  @Test
  void completions_that_share_a_prompt_do_not_see_each_other() {
    int[] prompt = {3, 1, 4, 1, 5};
    TokenSequence[] rows = {
      new TokenSequence(prompt, new int[] {9, 2, 6, 5}),
      new TokenSequence(prompt.clone(), new int[] {3}),
      SHORT,
      new TokenSequence(prompt, new int[] {5, 8, 9, 7, 9, 3})
    };
    assertThat(SharedPrompt.of(List.of(rows))).hasSize(2);
    List<Double> alone = new ArrayList<>();
    for (TokenSequence row : rows) {
      for (double logProb : byHand(row, tiny.adapter())) {
        alone.add(logProb);
      }
    }
    assertThat(values(of(rows).tokens()))
        .containsExactly(alone.stream().mapToDouble(d -> d).toArray(), within(1e-12));
    assertThat(values(of(rows).sums())[3]).isCloseTo(values(of(rows[3]).sums())[0], within(1e-12));
  }

  @Test
  void the_adapter_is_an_argument() {
    double[] base =
        values(
            SequenceLogProbs.of(tiny.model(), LoraAdapter.NONE, List.of(LONG), Keep.NOTHING)
                .tokens());
    assertThat(base).containsExactly(byHand(LONG, LoraAdapter.NONE), within(1e-12));
    assertThat(base).isNotEqualTo(values(of(LONG).tokens()));
  }

  @Test
  void blocks_of_the_vocabulary_change_nothing() {
    List<TokenSequence> rows = List.of(LONG, SHORT);
    Tensor whole =
        SequenceLogProbs.of(tiny.model(), tiny.adapter(), rows, Keep.NOTHING, 1 << 20).tokens();
    for (int logits : new int[] {1, 50, 100, 449, 450}) { // of 9: blocks of 1, 5, 11, 49, 50 words
      Tensor inBlocks =
          SequenceLogProbs.of(tiny.model(), tiny.adapter(), rows, Keep.NOTHING, logits).tokens();
      assertThat(values(inBlocks)).containsExactly(values(whole), within(1e-12));
    }
  }
}
