package malt.torch.generation;

import java.util.Arrays;
import malt.ModelException;
import malt.model.SamplingParams;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Draws one id per row by inverting the cumulative distribution, in float64. */
final class TokenSampler {
  private TokenSampler() {}

  /**
   * The drawn ids, (B).
   *
   * @param logits (B, V)
   * @param uniforms a number in [0, 1) per row, (B)
   */
  static int[] draw(Tensor logits, SamplingParams params, double[] uniforms) {
    boolean greedy = params.temperature() == 0;
    float[] values = Tensors.floats(greedy ? logits : probabilities(logits, params.temperature()));
    int[] ids = new int[uniforms.length];
    int size = values.length / ids.length;
    for (int row = 0; row < ids.length; row++) {
      int from = row * size;
      if (greedy) {
        ids[row] = largest(values, from, size);
      } else if (params.topP() < 1) {
        ids[row] = drawNucleus(values, from, size, params.topP(), uniforms[row]);
      } else {
        ids[row] = draw(values, from, size, uniforms[row]);
      }
    }
    return ids;
  }

  /** softmax(logits / temperature), float32 (B, V). */
  private static Tensor probabilities(Tensor logits, double temperature) {
    Tensor exact = logits.to(ScalarType.Float);
    return torch.softmax(temperature == 1 ? exact : exact.mul(Tensors.scalar(1 / temperature)), -1);
  }

  /** The id of the largest value; the lowest of several. */
  static int largest(float[] values, int from, int size) {
    int best = 0;
    for (int id = 0; id < size; id++) {
      float value = values[from + id];
      if (Float.isNaN(value)) {
        throw notFinite();
      }
      if (value > values[from + best]) {
        best = id;
      }
    }
    return best;
  }

  /** The first id at which the running sum exceeds {@code uniform} of the whole. */
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
