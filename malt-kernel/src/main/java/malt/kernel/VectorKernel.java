package malt.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** By the Vector API: products keep 2 rows and 4 vectors of columns in registers. */
final class VectorKernel extends AttentionKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> WORDS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int KEYS = 4 * LANES;

  // e^x = 2^n e^r with n = round(x / ln 2) (Cody and Waite 1980); the polynomial is Cephes' expf.
  private static final float PER_LN2 = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float ROUNDING = 12582912f; // 1.5 * 2^23: n is in the low bits of a sum
  private static final float LEAST = -87f; // below it e^x is no normal number any more

  @Override
  public int blockKeys() {
    return KEYS;
  }

  @Override
  int unit() {
    return LANES;
  }

  @Override
  public void widen(int[] words, int count, float[] into, int at) {
    for (int i = 0; i < count; i += LANES) {
      IntVector pairs = IntVector.fromArray(WORDS, words, i);
      pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, at + 2 * i);
      pairs.and(0xffff0000).reinterpretAsFloats().intoArray(into, at + 2 * i + LANES);
    }
  }

  @Override
  void weigh(Queries queries, int row) {
    float[] scores = queries.scores();
    int at = row * KEYS;
    FloatVector s0 = FloatVector.fromArray(SPECIES, scores, at);
    FloatVector s1 = FloatVector.fromArray(SPECIES, scores, at + LANES);
    FloatVector s2 = FloatVector.fromArray(SPECIES, scores, at + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(SPECIES, scores, at + 3 * LANES);
    float before = queries.largest()[row];
    float largest = Math.max(before, s0.max(s1).max(s2.max(s3)).reduceLanes(VectorOperators.MAX));
    FloatVector w0 = exp(s0.sub(largest));
    FloatVector w1 = exp(s1.sub(largest));
    FloatVector w2 = exp(s2.sub(largest));
    FloatVector w3 = exp(s3.sub(largest));
    w0.intoArray(scores, at);
    w1.intoArray(scores, at + LANES);
    w2.intoArray(scores, at + 2 * LANES);
    w3.intoArray(scores, at + 3 * LANES);
    if (largest > before) {
      float change = (float) Math.exp(before - largest);
      queries.weights()[row] *= change;
      float[] sums = queries.sums();
      int depth = queries.depth();
      for (int i = row * depth; i < (row + 1) * depth; i += LANES) {
        FloatVector.fromArray(SPECIES, sums, i).mul(change).intoArray(sums, i);
      }
      queries.largest()[row] = largest;
    }
    queries.weights()[row] += sum(scores, at);
  }

  /**
   * The sum of a block, in one order always: that of {@code reduceLanes} is the JVM's choice, and
   * differs between interpreted and compiled code.
   */
  private static float sum(float[] block, int at) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = at; i < at + KEYS; i += 4) {
      a += block[i];
      b += block[i + 1];
      c += block[i + 2];
      d += block[i + 3];
    }
    return (a + b) + (c + d);
  }

  /** e^x for x at most 0, within 2 units in the last place; 0 where that is below 2^-126. */
  private static FloatVector exp(FloatVector x) {
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
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector result = fraction.reinterpretAsInts().add(power).reinterpretAsFloats();
    return result.blend(0f, x.compare(VectorOperators.LT, LEAST));
  }

  @Override
  void multiply(Operand a, int rows, int inner, Operand b, int columns, Operand c, boolean added) {
    int column = 0;
    for (; column + KEYS <= columns; column += KEYS) {
      int row = 0;
      for (; row + 2 <= rows; row += 2) {
        twoRows(a, row, inner, b, column, c, added);
      }
      for (; row < rows; row++) {
        oneRow(a, row, inner, b, column, c, added);
      }
    }
    for (; column < columns; column += LANES) {
      int row = 0;
      for (; row + 2 <= rows; row += 2) {
        twoRowsNarrow(a, row, inner, b, column, c, added);
      }
      for (; row < rows; row++) {
        oneRowNarrow(a, row, inner, b, column, c, added);
      }
    }
  }

  private static FloatVector begin(float[] out, int at, boolean added) {
    return added ? FloatVector.fromArray(SPECIES, out, at) : FloatVector.zero(SPECIES);
  }

  private static void twoRows(
      Operand a, int row, int inner, Operand b, int column, Operand c, boolean added) {
    float[] left = a.numbers();
    float[] right = b.numbers();
    float[] out = c.numbers();
    int stride = b.stride();
    int to0 = c.offset() + row * c.stride() + column;
    int to1 = to0 + c.stride();
    FloatVector c00 = begin(out, to0, added);
    FloatVector c01 = begin(out, to0 + LANES, added);
    FloatVector c02 = begin(out, to0 + 2 * LANES, added);
    FloatVector c03 = begin(out, to0 + 3 * LANES, added);
    FloatVector c10 = begin(out, to1, added);
    FloatVector c11 = begin(out, to1 + LANES, added);
    FloatVector c12 = begin(out, to1 + 2 * LANES, added);
    FloatVector c13 = begin(out, to1 + 3 * LANES, added);
    int a0 = a.offset() + row * a.stride();
    int a1 = a0 + a.stride();
    int from = b.offset() + column;
    for (int i = 0; i < inner; i++) {
      FloatVector r0 = FloatVector.broadcast(SPECIES, left[a0 + i]);
      FloatVector r1 = FloatVector.broadcast(SPECIES, left[a1 + i]);
      FloatVector v = FloatVector.fromArray(SPECIES, right, from);
      c00 = v.fma(r0, c00);
      c10 = v.fma(r1, c10);
      v = FloatVector.fromArray(SPECIES, right, from + LANES);
      c01 = v.fma(r0, c01);
      c11 = v.fma(r1, c11);
      v = FloatVector.fromArray(SPECIES, right, from + 2 * LANES);
      c02 = v.fma(r0, c02);
      c12 = v.fma(r1, c12);
      v = FloatVector.fromArray(SPECIES, right, from + 3 * LANES);
      c03 = v.fma(r0, c03);
      c13 = v.fma(r1, c13);
      from += stride;
    }
    c00.intoArray(out, to0);
    c01.intoArray(out, to0 + LANES);
    c02.intoArray(out, to0 + 2 * LANES);
    c03.intoArray(out, to0 + 3 * LANES);
    c10.intoArray(out, to1);
    c11.intoArray(out, to1 + LANES);
    c12.intoArray(out, to1 + 2 * LANES);
    c13.intoArray(out, to1 + 3 * LANES);
  }

  private static void oneRow(
      Operand a, int row, int inner, Operand b, int column, Operand c, boolean added) {
    float[] left = a.numbers();
    float[] right = b.numbers();
    float[] out = c.numbers();
    int stride = b.stride();
    int to = c.offset() + row * c.stride() + column;
    FloatVector c0 = begin(out, to, added);
    FloatVector c1 = begin(out, to + LANES, added);
    FloatVector c2 = begin(out, to + 2 * LANES, added);
    FloatVector c3 = begin(out, to + 3 * LANES, added);
    int at = a.offset() + row * a.stride();
    int from = b.offset() + column;
    for (int i = 0; i < inner; i++) {
      FloatVector r = FloatVector.broadcast(SPECIES, left[at + i]);
      c0 = FloatVector.fromArray(SPECIES, right, from).fma(r, c0);
      c1 = FloatVector.fromArray(SPECIES, right, from + LANES).fma(r, c1);
      c2 = FloatVector.fromArray(SPECIES, right, from + 2 * LANES).fma(r, c2);
      c3 = FloatVector.fromArray(SPECIES, right, from + 3 * LANES).fma(r, c3);
      from += stride;
    }
    c0.intoArray(out, to);
    c1.intoArray(out, to + LANES);
    c2.intoArray(out, to + 2 * LANES);
    c3.intoArray(out, to + 3 * LANES);
  }

  private static void twoRowsNarrow(
      Operand a, int row, int inner, Operand b, int column, Operand c, boolean added) {
    float[] left = a.numbers();
    float[] right = b.numbers();
    float[] out = c.numbers();
    int stride = b.stride();
    int to0 = c.offset() + row * c.stride() + column;
    int to1 = to0 + c.stride();
    FloatVector c0 = begin(out, to0, added);
    FloatVector c1 = begin(out, to1, added);
    int a0 = a.offset() + row * a.stride();
    int a1 = a0 + a.stride();
    int from = b.offset() + column;
    for (int i = 0; i < inner; i++) {
      FloatVector v = FloatVector.fromArray(SPECIES, right, from);
      c0 = v.fma(FloatVector.broadcast(SPECIES, left[a0 + i]), c0);
      c1 = v.fma(FloatVector.broadcast(SPECIES, left[a1 + i]), c1);
      from += stride;
    }
    c0.intoArray(out, to0);
    c1.intoArray(out, to1);
  }

  private static void oneRowNarrow(
      Operand a, int row, int inner, Operand b, int column, Operand c, boolean added) {
    float[] out = c.numbers();
    int to = c.offset() + row * c.stride() + column;
    FloatVector sum = begin(out, to, added);
    int at = a.offset() + row * a.stride();
    int from = b.offset() + column;
    for (int i = 0; i < inner; i++) {
      sum =
          FloatVector.fromArray(SPECIES, b.numbers(), from)
              .fma(FloatVector.broadcast(SPECIES, a.numbers()[at + i]), sum);
      from += b.stride();
    }
    sum.intoArray(out, to);
  }
}
