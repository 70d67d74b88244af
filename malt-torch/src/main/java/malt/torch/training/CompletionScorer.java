package malt.torch.training;

import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward.Keep;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;

/** log pi(y|x) of given completions, token by token, as training sees it. */
public final class CompletionScorer {
  private CompletionScorer() {}

  /**
   * Log-probability of each id of a completion in nats, (N).
   *
   * @param prompt (P), at least one id
   * @param completion (N), at least one id
   */
  public static float[] score(CausalLm model, LoraAdapter adapter, int[] prompt, int[] completion) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      List<TokenSequence> row = List.of(new TokenSequence(prompt, completion));
      return Tensors.floats(SequenceLogProbs.of(model, adapter, row, Keep.NOTHING).tokens());
    }
  }
}
