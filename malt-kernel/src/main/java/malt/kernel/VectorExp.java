package malt.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** e^x by the Vector API. */
final class VectorExp {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  // e^x = 2^n e^r with n = round(x / ln 2) (Cody and Waite 1980); the polynomial is Cephes' expf.
  private static final float PER_LN2 = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float ROUNDING = 12582912f; // 1.5 * 2^23: n is in the low bits of a sum
  private static final int ONE = Float.floatToIntBits(1);
  private static final float LEAST = -87f; // below it e^x is no normal number any more

  private VectorExp() {}

  /**
   * e^(x - largest) in place of each x of a vector, which is at most that; within 2 units in the
   * last place; 0 where that is below 2^-126, NaN where x is, whichever of its many bit patterns
   * that has. No vector is handed over: it would be an object where the compiler does not inline.
   */
  static void inPlace(float[] numbers, int at, float largest) {
    FloatVector x = FloatVector.fromArray(SPECIES, numbers, at).sub(largest);
    FloatVector shifted =
        x.fma(FloatVector.broadcast(SPECIES, PER_LN2), FloatVector.broadcast(SPECIES, ROUNDING));
    FloatVector n = shifted.sub(ROUNDING);
    FloatVector r =
        n.fma(
            FloatVector.broadcast(SPECIES, -LN2_LOW),
            n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x));
    FloatVector p = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
    p = p.fma(r, FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
    FloatVector fraction = p.fma(r.mul(r), r.add(1f));
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE);
    FloatVector result = fraction.mul(power.reinterpretAsFloats());
    result.blend(0f, x.compare(VectorOperators.LT, LEAST)).intoArray(numbers, at);
  }
}
