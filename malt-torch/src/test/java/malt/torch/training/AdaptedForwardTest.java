package malt.torch.training;

import static malt.torch.training.DoubleModel.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward;
import malt.torch.nn.AdaptedForward.Keep;
import malt.torch.nn.CausalLm;
import malt.torch.nn.LogProbs;
import malt.torch.nn.TargetLogProbs;
import malt.torch.nn.TinyModels;
import malt.torch.nn.TokenRows;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The forward and backward by hand against LibTorch's graph, in float64, on random rows. */
class AdaptedForwardTest {
  private static final int ROUNDS = 8;
  private long before;

  /** Kinds of decoders, by what they have of their own. */
  enum Kind {
    PLAIN(Variant.LLAMA),
    BIASES(new Variant(true, false, 0, null, null)),
    HEAD_NORMS(new Variant(false, true, 0, null, null)),
    WINDOW(new Variant(false, false, 4, null, null)),
    LONG_WINDOW(new Variant(false, false, 150, null, null)),
    GEMMA(TinyModels.GEMMA);

    private final ModelConfig config;

    Kind(Variant variant) {
      config = TinyModels.of(600, variant);
    }
  }

  @BeforeEach
  void count() {
    before = TensorScope.liveObjects();
  }

  @AfterEach
  void nothing_leaks() {
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  /** One to four rows of a trunk and up to three branches, some of them empty. */
  private static TokenRows rows(SplittableRandom random, int longest) {
    List<int[]> rows = new ArrayList<>();
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      int[] lengths = random.ints(random.nextInt(1, 5), 0, longest).toArray();
      lengths[0] = random.nextInt(1, longest);
      rows.add(lengths);
    }
    long[] ids = random.longs(rows.stream().flatMapToInt(Arrays::stream).sum(), 0, 50).toArray();
    return new TokenRows(ids, rows);
  }

  /** Hidden states (N, C) of each trunk and branch as sequences of their own. */
  private static Tensor plain(CausalLm model, LoraAdapter adapter, TokenRows rows) {
    List<Tensor> hidden = new ArrayList<>();
    int start = 0;
    for (int[] lengths : rows.rows()) {
      int at = start;
      for (int part = 0; part < lengths.length; part++) {
        int trunk = part == 0 ? 0 : lengths[0];
        long[] ids = new long[trunk + lengths[part]];
        System.arraycopy(rows.ids(), start, ids, 0, trunk);
        System.arraycopy(rows.ids(), at, ids, trunk, lengths[part]);
        Tensor all = model.forward(Tensors.MAIN.ofLongs(ids, 1, ids.length), adapter).select(0, 0);
        hidden.add(all.narrow(0, trunk, lengths[part]));
        at += lengths[part];
      }
      start = at;
    }
    return Tensors.cat(0, hidden.toArray(new Tensor[0]));
  }

  /** The gradients of all of the adapter's tensors, which are then cleared. */
  private static List<double[]> taken(LoraAdapter adapter) {
    List<double[]> gradients = new ArrayList<>();
    for (LoraAdapter.Pair pair : adapter.pairs().values()) {
      for (Tensor parameter : List.of(pair.a(), pair.b())) {
        gradients.add(values(parameter.grad()));
        parameter.mutable_grad().zero_();
      }
    }
    return gradients;
  }

  @ParameterizedTest
  @EnumSource
  void hidden_states_and_gradients_are_those_of_the_graph(Kind kind) {
    SplittableRandom random = new SplittableRandom(kind.ordinal());
    try (DoubleModel tiny = DoubleModel.open(kind.config);
        TensorScope scope = new TensorScope()) {
      tiny.run(new TrainingResources(1, false)).trainable();
      for (int round = 0; round < ROUNDS; round++) {
        TokenRows rows = rows(random, round < ROUNDS / 2 ? 8 : 300); // or of several blocks
        Tensor above = torch.randn(rows.ids().length, 16).to(torch.ScalarType.Double);
        double[] expected;
        try (GradMode on = GradMode.on()) {
          Tensor hidden = plain(tiny.model(), tiny.adapter(), rows);
          hidden.mul(above).sum().backward();
          expected = values(hidden);
        }
        List<double[]> gradients = taken(tiny.adapter());
        for (Keep keep : Keep.values()) {
          AdaptedForward found =
              tiny.model()
                  .adapted(rows, Tensors.MAIN.range(rows.ids().length), tiny.adapter(), keep);
          assertThat(values(found.hidden())).containsExactly(expected, within(1e-11));
          if (keep != Keep.NOTHING) {
            found.backward(above);
            List<double[]> byHand = taken(tiny.adapter());
            for (int i = 0; i < gradients.size(); i++) {
              assertThat(byHand.get(i)).containsExactly(gradients.get(i), within(1e-10));
            }
          }
        }
        assertThat(gradients).allMatch(g -> Arrays.stream(g).anyMatch(x -> Math.abs(x) > 1e-4));
      }
    }
  }

  @Test
  void log_probabilities_change_with_hidden_states_as_the_graph_says() {
    try (DoubleModel tiny = DoubleModel.open();
        TensorScope scope = new TensorScope();
        GradMode on = GradMode.on()) {
      Tensor hidden = torch.randn(7, 16).to(torch.ScalarType.Double).set_requires_grad(true);
      Tensor ids = Tensors.MAIN.ofLongs(new long[] {3, 1, 4, 1, 5, 49, 0}, 7);
      Tensor logProbs = LogProbs.of(tiny.model().logits(hidden), ids);
      logProbs.sum().backward();
      for (int logitsAtOnce : new int[] {1, 21, 349, 350}) { // of 7: blocks of 1, 3, 49, 50 words
        TargetLogProbs found = tiny.model().logProbs(hidden.detach(), ids, logitsAtOnce, true);
        assertThat(values(found.values())).containsExactly(values(logProbs), within(1e-12));
        assertThat(values(found.slopes())).containsExactly(values(hidden.grad()), within(1e-12));
      }
    }
  }
}
