package malt.torch.generation;

import java.nio.FloatBuffer;
import java.util.Arrays;
import malt.kernel.LogitsKernel;
import malt.model.SamplingParams;

/**
 * Draws in main memory, row by row: one walk over the logits for the largest, one for the powers of
 * e, whose sums over blocks are in 64 bits, and a look into the block that the drawn id is in.
 */
final class HostSampler {
  private static final LogitsKernel KERNEL = LogitsKernel.best();
  private static final int BLOCK = LogitsKernel.BLOCK;

  private final FloatBuffer logits; // (B, V)
  private final int words; // V
  private final float[] block = new float[BLOCK]; // of a row
  private final float[] powers = new float[BLOCK]; // e^((logit - largest) / temperature)
  private final double[] sums; // of the powers of each block
  // Of the row that is drawn:
  private float largest; // of its logits
  private float scale; // 1 / temperature
  private double whole; // the sum of e^(logit - largest)

  HostSampler(FloatBuffer logits, int words) {
    this.logits = logits;
    this.words = words;
    sums = new double[(words + BLOCK - 1) / BLOCK];
  }

  /** As {@link TokenSampler#draw}. */
  TokenSampler.Drawn draw(SamplingParams params, double[] uniforms) {
    int[] ids = new int[uniforms.length];
    float[] logProbs = new float[uniforms.length];
    for (int row = 0; row < ids.length; row++) {
      ids[row] = draw(row, params, uniforms[row]);
      float logit = logits.get(row * words + ids[row]);
      logProbs[row] = (float) (logit - largest - Math.log(whole));
    }
    return new TokenSampler.Drawn(ids, logProbs);
  }

  private int draw(int row, SamplingParams params, double uniform) {
    largest = largest(row);
    scale = params.temperature() == 0 ? 1 : (float) (1 / params.temperature());
    double total = sum(row);
    if (!(whole > 0 && total > 0)) {
      throw TokenSampler.notFinite();
    }
    if (params.temperature() == 0) {
      return first(row);
    }
    if (params.topP() == 1) {
      return inverted(row, uniform * total);
    }
    float[] probabilities = new float[words];
    for (int number = 0; number < sums.length; number++) {
      int count = load(row, number);
      KERNEL.powers(block, count, largest, scale, powers);
      for (int i = 0; i < count; i++) {
        probabilities[number * BLOCK + i] = (float) (powers[i] / total);
      }
    }
    return nucleus(probabilities, 0, words, params.topP(), uniform);
  }

  /** Copies a block of a row's logits, of which it returns the number. */
  private int load(int row, int number) {
    int from = number * BLOCK;
    int count = Math.min(BLOCK, words - from);
    logits.get(row * words + from, block, 0, count);
    return count;
  }

  private float largest(int row) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int number = 0; number < sums.length; number++) {
      largest = Math.max(largest, KERNEL.largest(block, load(row, number)));
    }
    return largest;
  }

  /** Adds a row up: of its powers at its temperature, which it returns, and of those at 1. */
  private double sum(int row) {
    double total = 0;
    whole = 0;
    for (int number = 0; number < sums.length; number++) {
      int count = load(row, number);
      double plain = KERNEL.powers(block, count, largest, 1, powers);
      sums[number] = scale == 1 ? plain : KERNEL.powers(block, count, largest, scale, powers);
      whole += plain;
      total += sums[number];
    }
    return total;
  }

  /** The first id with the largest logit. */
  private int first(int row) {
    int id = 0;
    while (logits.get(row * words + id) != largest) {
      id++;
    }
    return id;
  }

  /** The first id at which the running sum of all powers exceeds the target. */
  private int inverted(int row, double target) {
    double before = 0;
    int found = 0; // the last block with any power, if none exceeds it
    double within = Double.POSITIVE_INFINITY;
    for (int number = 0; number < sums.length; number++) {
      if (before + sums[number] > target) {
        found = number;
        within = target - before;
        break;
      }
      found = sums[number] > 0 ? number : found;
      before += sums[number];
    }
    int count = load(row, found);
    KERNEL.powers(block, count, largest, scale, powers);
    return found * BLOCK + above(powers, count, within);
  }

  /** The first place at which the running sum exceeds the target, or else the last above 0. */
  private static int above(float[] numbers, int count, double target) {
    double sum = 0;
    int last = 0;
    for (int i = 0; i < count && sum <= target; i++) {
      if (numbers[i] > 0) {
        sum += numbers[i];
        last = i;
      }
    }
    return last;
  }

  /** Draws among the likeliest ids whose mass first reaches {@code topP} (Holtzman et al. 2020). */
  static int nucleus(float[] probabilities, int from, int size, double topP, double uniform) {
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
    int drawn = above(kept, nucleus, uniform * mass);
    return size - 1 - (int) candidates[count - 1 - drawn];
  }
}
