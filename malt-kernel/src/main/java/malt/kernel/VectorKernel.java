package malt.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * By the Vector API. Products keep 2 rows and 4 vectors of columns in registers; with numbers of
 * bfloat16, which are widened on the way, up to 4 rows and 2 vectors.
 */
final class VectorKernel extends AttentionKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> WORDS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final int LANES = SPECIES.length();
  private static final int KEYS = 4 * LANES;

  @Override
  public int blockKeys() {
    return KEYS;
  }

  @Override
  int unit() {
    return LANES;
  }

  @Override
  void weigh(Queries queries, int row) {
    float[] scores = queries.scores();
    int at = row * KEYS;
    float before = queries.largest()[row];
    FloatVector most = FloatVector.fromArray(SPECIES, scores, at);
    for (int i = LANES; i < KEYS; i += LANES) {
      most = most.max(FloatVector.fromArray(SPECIES, scores, at + i));
    }
    float largest = Math.max(before, most.reduceLanes(VectorOperators.MAX));
    for (int i = at; i < at + KEYS; i += LANES) {
      VectorExp.inPlace(scores, i, largest);
    }
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
    FloatVector sums = FloatVector.zero(FOUR);
    for (int i = at; i < at + KEYS; i += FOUR.length()) {
      sums = sums.add(FloatVector.fromArray(FOUR, block, i));
    }
    return (sums.lane(0) + sums.lane(1)) + (sums.lane(2) + sums.lane(3));
  }

  @Override
  void multiply(Product product, Operand a, int[] words, Place b, Operand c) {
    int rows = product.rows();
    for (int column = 0; column < product.columns(); column += 2 * LANES) {
      Place panel = new Place((b.offset() + column) / 2, b.stride() / 2);
      int row = 0;
      for (; row + 4 <= rows; row += 4) {
        fourRows(product, a, row, words, panel, column, c);
      }
      switch (rows - row) {
        case 3 -> threeRows(product, a, row, words, panel, column, c);
        case 2 -> twoRows(product, a, row, words, panel, column, c);
        case 1 -> oneRow(product, a, row, words, panel, column, c);
        default -> {}
      }
    }
  }

  private static FloatVector low(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector high(IntVector pairs) {
    return pairs.and(0xffff0000).reinterpretAsFloats();
  }

  private static void fourRows(
      Product product, Operand a, int row, int[] words, Place b, int column, Operand c) {
    float[] left = a.numbers();
    float[] out = c.numbers();
    boolean added = product.added();
    int to0 = c.offset() + row * c.stride() + column;
    int to1 = to0 + c.stride();
    int to2 = to1 + c.stride();
    int to3 = to2 + c.stride();
    FloatVector c00 = begin(out, to0, added);
    FloatVector c01 = begin(out, to0 + LANES, added);
    FloatVector c10 = begin(out, to1, added);
    FloatVector c11 = begin(out, to1 + LANES, added);
    FloatVector c20 = begin(out, to2, added);
    FloatVector c21 = begin(out, to2 + LANES, added);
    FloatVector c30 = begin(out, to3, added);
    FloatVector c31 = begin(out, to3 + LANES, added);
    int a0 = a.offset() + row * a.stride();
    int a1 = a0 + a.stride();
    int a2 = a1 + a.stride();
    int a3 = a2 + a.stride();
    int from = b.offset();
    int stride = b.stride();
    for (int i = 0; i < product.inner(); i++) {
      IntVector pairs = IntVector.fromArray(WORDS, words, from);
      FloatVector v0 = low(pairs);
      FloatVector v1 = high(pairs);
      FloatVector r = FloatVector.broadcast(SPECIES, left[a0 + i]);
      c00 = v0.fma(r, c00);
      c01 = v1.fma(r, c01);
      r = FloatVector.broadcast(SPECIES, left[a1 + i]);
      c10 = v0.fma(r, c10);
      c11 = v1.fma(r, c11);
      r = FloatVector.broadcast(SPECIES, left[a2 + i]);
      c20 = v0.fma(r, c20);
      c21 = v1.fma(r, c21);
      r = FloatVector.broadcast(SPECIES, left[a3 + i]);
      c30 = v0.fma(r, c30);
      c31 = v1.fma(r, c31);
      from += stride;
    }
    c00.intoArray(out, to0);
    c01.intoArray(out, to0 + LANES);
    c10.intoArray(out, to1);
    c11.intoArray(out, to1 + LANES);
    c20.intoArray(out, to2);
    c21.intoArray(out, to2 + LANES);
    c30.intoArray(out, to3);
    c31.intoArray(out, to3 + LANES);
  }

  private static void threeRows(
      Product product, Operand a, int row, int[] words, Place b, int column, Operand c) {
    float[] left = a.numbers();
    float[] out = c.numbers();
    boolean added = product.added();
    int to0 = c.offset() + row * c.stride() + column;
    int to1 = to0 + c.stride();
    int to2 = to1 + c.stride();
    FloatVector c00 = begin(out, to0, added);
    FloatVector c01 = begin(out, to0 + LANES, added);
    FloatVector c10 = begin(out, to1, added);
    FloatVector c11 = begin(out, to1 + LANES, added);
    FloatVector c20 = begin(out, to2, added);
    FloatVector c21 = begin(out, to2 + LANES, added);
    int a0 = a.offset() + row * a.stride();
    int a1 = a0 + a.stride();
    int a2 = a1 + a.stride();
    int from = b.offset();
    int stride = b.stride();
    for (int i = 0; i < product.inner(); i++) {
      IntVector pairs = IntVector.fromArray(WORDS, words, from);
      FloatVector v0 = low(pairs);
      FloatVector v1 = high(pairs);
      FloatVector r = FloatVector.broadcast(SPECIES, left[a0 + i]);
      c00 = v0.fma(r, c00);
      c01 = v1.fma(r, c01);
      r = FloatVector.broadcast(SPECIES, left[a1 + i]);
      c10 = v0.fma(r, c10);
      c11 = v1.fma(r, c11);
      r = FloatVector.broadcast(SPECIES, left[a2 + i]);
      c20 = v0.fma(r, c20);
      c21 = v1.fma(r, c21);
      from += stride;
    }
    c00.intoArray(out, to0);
    c01.intoArray(out, to0 + LANES);
    c10.intoArray(out, to1);
    c11.intoArray(out, to1 + LANES);
    c20.intoArray(out, to2);
    c21.intoArray(out, to2 + LANES);
  }

  private static void twoRows(
      Product product, Operand a, int row, int[] words, Place b, int column, Operand c) {
    float[] left = a.numbers();
    float[] out = c.numbers();
    boolean added = product.added();
    int to0 = c.offset() + row * c.stride() + column;
    int to1 = to0 + c.stride();
    FloatVector c00 = begin(out, to0, added);
    FloatVector c01 = begin(out, to0 + LANES, added);
    FloatVector c10 = begin(out, to1, added);
    FloatVector c11 = begin(out, to1 + LANES, added);
    int a0 = a.offset() + row * a.stride();
    int a1 = a0 + a.stride();
    int from = b.offset();
    int stride = b.stride();
    for (int i = 0; i < product.inner(); i++) {
      IntVector pairs = IntVector.fromArray(WORDS, words, from);
      FloatVector v0 = low(pairs);
      FloatVector v1 = high(pairs);
      FloatVector r = FloatVector.broadcast(SPECIES, left[a0 + i]);
      c00 = v0.fma(r, c00);
      c01 = v1.fma(r, c01);
      r = FloatVector.broadcast(SPECIES, left[a1 + i]);
      c10 = v0.fma(r, c10);
      c11 = v1.fma(r, c11);
      from += stride;
    }
    c00.intoArray(out, to0);
    c01.intoArray(out, to0 + LANES);
    c10.intoArray(out, to1);
    c11.intoArray(out, to1 + LANES);
  }

  private static void oneRow(
      Product product, Operand a, int row, int[] words, Place b, int column, Operand c) {
    float[] left = a.numbers();
    float[] out = c.numbers();
    int to = c.offset() + row * c.stride() + column;
    FloatVector c0 = begin(out, to, product.added());
    FloatVector c1 = begin(out, to + LANES, product.added());
    int at = a.offset() + row * a.stride();
    int from = b.offset();
    int stride = b.stride();
    for (int i = 0; i < product.inner(); i++) {
      IntVector pairs = IntVector.fromArray(WORDS, words, from);
      FloatVector r = FloatVector.broadcast(SPECIES, left[at + i]);
      c0 = low(pairs).fma(r, c0);
      c1 = high(pairs).fma(r, c1);
      from += stride;
    }
    c0.intoArray(out, to);
    c1.intoArray(out, to + LANES);
  }

  @Override
  void multiply(Product product, Operand a, Operand b, Operand c) {
    int rows = product.rows();
    int inner = product.inner();
    int columns = product.columns();
    boolean added = product.added();
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
