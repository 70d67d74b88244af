package malt.torch.generation;

import java.util.Arrays;
import malt.ModelException;
import malt.model.SamplingParams;
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

/**
 * Draws one id per row by inverting the cumulative distribution where the logits lie, in float64
 * where that has it.
 */
final class TokenSampler {
  private TokenSampler() {}

  /**
   * The drawn ids, (B).
   *
   * @param logits (B, V)
   * @param uniforms a number in [0, 1) per row, (B)
   */
  static int[] draw(Tensor logits, SamplingParams params, double[] uniforms) {
    if (params.temperature() == 0) {
      return largest(logits);
    }
    Tensor probabilities = probabilities(logits, params.temperature());
    if (params.topP() == 1) {
      return ids(drawEach(probabilities, uniforms));
    }
    return probabilities.is_cpu()
        ? drawNucleus(probabilities, params.topP(), uniforms)
        : drawNucleusThere(probabilities, params.topP(), uniforms);
  }

  /** The id of the largest logit of each row, the lowest of several. */
  private static int[] largest(Tensor logits) {
    Tensor ids = logits.argmax(new LongOptional(-1), true); // (B, 1); of NaN where there is one
    for (float value : Tensors.floats(logits.gather(-1, ids))) {
      if (Float.isNaN(value)) {
        throw notFinite();
      }
    }
    return ids(ids);
  }

  /** The first id of each row at which the running sum exceeds its part of the whole, (B, 1). */
  private static Tensor drawEach(Tensor probabilities, double[] uniforms) {
    Tensors beside = Tensors.beside(probabilities);
    Tensor sums = probabilities.cumsum(-1, new ScalarTypeOptional(beside.exact())); // (B, V)
    Tensor totals = sums.narrow(-1, sums.size(-1) - 1, 1); // (B, 1)
    for (float total : Tensors.floats(totals)) {
      if (!(total > 0)) {
        throw notFinite();
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

  /** As {@link #drawNucleus}, by operations: sorted, the lowest id of equal ones first, and cut. */
  static int[] drawNucleusThere(Tensor probabilities, double topP, double[] uniforms) {
    Tensors beside = Tensors.beside(probabilities);
    T_TensorTensor_T sorted = probabilities.sort(new BoolOptional(true), -1, true); // (B, V) each
    Tensor sums = sorted.get0().cumsum(-1, new ScalarTypeOptional(beside.exact()));
    Tensor mass = torch.roll(sums, new long[] {1}, -1); // of those before each
    mass.narrow(-1, 0, 1).zero_();
    Tensor nucleus = sorted.get0().mul(mass.lt(Tensors.scalar(topP)));
    return ids(sorted.get1().gather(-1, drawEach(nucleus, uniforms)));
  }

  private static int[] drawNucleus(Tensor probabilities, double topP, double[] uniforms) {
    int[] ids = new int[uniforms.length];
    for (int row = 0; row < ids.length; row++) {
      float[] values = Tensors.floats(probabilities.select(0, row));
      ids[row] = drawNucleus(values, 0, values.length, topP, uniforms[row]);
    }
    return ids;
  }

  /** softmax(logits / temperature), float32 (B, V). */
  private static Tensor probabilities(Tensor logits, double temperature) {
    Tensor exact = logits.to(ScalarType.Float);
    return torch.softmax(temperature == 1 ? exact : exact.mul(Tensors.scalar(1 / temperature)), -1);
  }

  /** The first id at which the running sum exceeds its part of the whole. */
  static int draw(float[] probabilities, int from, int size, double uniform) {
    double total = 0;
    for (int id = 0; id < size; id++) {
      total += probabilities[from + id];
    }
    if (!(total > 0)) {
      throw notFinite();
    }
    double target = uniform * total;
    double sum = 0;
    int last = 0;
    for (int id = 0; id < size; id++) {
      float probability = probabilities[from + id];
      if (probability > 0) {
        sum += probability;
        last = id;
        if (sum > target) {
          return id;
        }
      }
    }
    return last;
  }

  /** Draws among the likeliest ids whose mass first reaches {@code topP} (Holtzman et al. 2020). */
  static int drawNucleus(float[] probabilities, int from, int size, double topP, double uniform) {
    // Ids under this all together weigh less than 1 - topP: the nucleus is complete before them.
    double least = (1 - topP) / size * 0.999;
    long[] candidates = new long[size]; // probability bits above, complement of the id below
    int count = 0;
    for (int id = 0; id < size; id++) {
      float probability = probabilities[from + id];
      if (!(probability < least)) {
        candidates[count++] = ((long) Float.floatToIntBits(probability) << 32) | (size - 1 - id);
      }
    }
    Arrays.sort(candidates, 0, count); // ascending; of equal probabilities the lowest id is last
    float[] kept = new float[count];
    double mass = 0;
    int nucleus = 0;
    while (nucleus < count && mass < topP) {
      kept[nucleus] = Float.intBitsToFloat((int) (candidates[count - 1 - nucleus] >>> 32));
      mass += kept[nucleus++];
    }
    int drawn = draw(kept, 0, nucleus, uniform);
    return size - 1 - (int) candidates[count - 1 - drawn];
  }

  private static ModelException notFinite() {
    return new ModelException("the model's logits are not finite: its weights are damaged", false);
  }
}
