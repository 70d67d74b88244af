package malt.torch.generation;

import java.util.Arrays;
import malt.model.SamplingParams;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Draws by operations where the logits lie, in float64 where that has it. */
final class DeviceSampler {
  private DeviceSampler() {}

  /** As {@link TokenSampler#draw}. */
  static TokenSampler.Drawn draw(Tensor logits, SamplingParams params, double[] uniforms) {
    Tensor ids = column(logits, params, uniforms); // (B, 1)
    float[] logProbs = Tensors.floats(LogProbs.of(logits, ids.squeeze(-1)));
    return new TokenSampler.Drawn(ids(ids), logProbs);
  }

  private static Tensor column(Tensor logits, SamplingParams params, double[] uniforms) {
    if (params.temperature() == 0) {
      return largest(logits);
    }
    Tensor probabilities = probabilities(logits, params.temperature());
    return params.topP() == 1
        ? drawEach(probabilities, uniforms)
        : nucleus(probabilities, params.topP(), uniforms);
  }

  /** The id of the largest logit of each row, the lowest of several, (B, 1). */
  private static Tensor largest(Tensor logits) {
    Tensor ids = logits.argmax(new LongOptional(-1), true); // (B, 1); of NaN where there is one
    for (float value : Tensors.floats(logits.gather(-1, ids))) {
      if (Float.isNaN(value)) {
        throw TokenSampler.notFinite();
      }
    }
    return ids;
  }

  /** The first id of each row at which the running sum exceeds its part of the whole, (B, 1). */
  private static Tensor drawEach(Tensor probabilities, double[] uniforms) {
    Tensors beside = Tensors.beside(probabilities);
    Tensor sums = probabilities.cumsum(-1, new ScalarTypeOptional(beside.exact())); // (B, V)
    Tensor totals = sums.narrow(-1, sums.size(-1) - 1, 1); // (B, 1)
    for (float total : Tensors.floats(totals)) {
      if (!(total > 0)) {
        throw TokenSampler.notFinite();
      }
    }
    Tensor targets = totals.mul(beside.ofDoubles(uniforms).unsqueeze(-1));
    Tensor last = above(sums, totals, false); // the last id of any probability
    return above(sums, targets, true).minimum(last);
  }

  /** The first place of each row whose sum is above the target, or at it. */
  private static Tensor above(Tensor sums, Tensor targets, boolean strictly) {
    return torch.searchsorted(
        sums,
        targets.contiguous(),
        false,
        strictly,
        new StringViewOptional(),
        new TensorOptional());
  }

  private static int[] ids(Tensor column) {
    return Arrays.stream(Tensors.longs(column)).mapToInt(Math::toIntExact).toArray();
  }

  /** As {@link HostSampler#nucleus}: sorted, the lowest id of equal ones first, and cut; (B, 1). */
  static Tensor nucleus(Tensor probabilities, double topP, double[] uniforms) {
    Tensors beside = Tensors.beside(probabilities);
    T_TensorTensor_T sorted = probabilities.sort(new BoolOptional(true), -1, true); // (B, V) each
    Tensor sums = sorted.get0().cumsum(-1, new ScalarTypeOptional(beside.exact()));
    Tensor mass = torch.roll(sums, new long[] {1}, -1); // of those before each
    mass.narrow(-1, 0, 1).zero_();
    Tensor nucleus = sorted.get0().mul(mass.lt(Tensors.scalar(topP)));
    return sorted.get1().gather(-1, drawEach(nucleus, uniforms));
  }

  /** softmax(logits / temperature), float32 (B, V). */
  private static Tensor probabilities(Tensor logits, double temperature) {
    Tensor exact = logits.to(ScalarType.Float);
    return torch.softmax(temperature == 1 ? exact : exact.mul(Tensors.scalar(1 / temperature)), -1);
  }
}
