package malt.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** By the Vector API. Sums are taken in one order always, as {@link VectorKernel} takes them. */
final class VectorLogits extends LogitsKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  @Override
  public float largest(float[] logits, int count) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, logits, i);
      VectorMask<Float> larger = x.compare(VectorOperators.GT, most);
      most = most.blend(x, larger);
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      largest = logits[i] > largest ? logits[i] : largest;
    }
    return largest;
  }

  @Override
  public float powers(float[] logits, int count, float largest, float scale, float[] into) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector.fromArray(SPECIES, logits, i).sub(largest).mul(scale).intoArray(into, i);
    }
    for (; i < count; i++) {
      into[i] = (logits[i] - largest) * scale;
    }
    int end = (count + LANES - 1) / LANES * LANES;
    Arrays.fill(into, count, end, Float.NEGATIVE_INFINITY);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int at = 0; at < end; at += LANES) {
      VectorExp.inPlace(into, at, 0);
      sums = sums.add(FloatVector.fromArray(SPECIES, into, at));
    }
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++) {
      sum += sums.lane(lane);
    }
    return sum;
  }
}
