package malt.torch.nn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.weights.CheckpointWriter;
import malt.torch.weights.ModelFiles;
import malt.torch.weights.Precision;
import malt.torch.weights.SafetensorsWriter.Planned;
import malt.torch.weights.StoredType;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** Writes a checkpoint with an adapter merged into its weights: W + scale B A. */
public final class MergedCheckpoint {
  private static final int PROBE = 64; // tokens on which both models are compared

  private MergedCheckpoint() {}

  /**
   * What rounding the merged weights did.
   *
   * @param largestDifference of any logit, over random tokens
   * @param largestLogit for comparison
   */
  public record Result(double largestDifference, double largestLogit) {}

  /**
   * Merges in 32 bits, writes in {@code type}, reads the result back and compares the logits.
   *
   * @param directory of {@code base}
   */
  public static Result write(
      Path directory,
      CausalLm base,
      LoraAdapter adapter,
      Path out,
      StoredType type,
      CheckpointWriter.Listener listener) {
    ModelFiles.begin(out);
    ModelFiles.copyConfigOf(directory, out, type);
    ModelFiles.copyTokenizer(directory, out);
    Weights weights = base.weights();
    Map<String, Planned> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      tensors.put(
          name,
          new Planned(
              type.type(),
              weights.shape(name),
              () -> adapter.mergedWeight(name, weights).to(type.type())));
    }
    CheckpointWriter.write(out, tensors, CheckpointWriter.SHARD_BYTES, listener);
    try (CausalLm merged = CausalLm.load(out, Precision.MIXED, base.tensors())) {
      return compare(base, adapter, merged);
    }
  }

  private static Result compare(CausalLm base, LoraAdapter adapter, CausalLm merged) {
    SplittableRandom random = new SplittableRandom(1);
    int count = Math.min(PROBE, base.config().maxPositions());
    int[] ids = random.ints(count, 0, base.config().vocabularySize()).toArray();
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor tokens = base.tensors().ofIds(ids).unsqueeze(0);
      Tensor wanted = base.logits(base.forward(tokens, adapter));
      Tensor found = merged.logits(merged.forward(tokens, LoraAdapter.NONE));
      return new Result(
          found.sub(wanted).abs().max().item_double(), wanted.abs().max().item_double());
    }
  }
}
