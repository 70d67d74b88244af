package malt.kernel;

/** Plain loops: for a JVM without the Vector API. */
final class PlainLogits extends LogitsKernel {
  private static final double LEAST = -87; // below it e^x is no normal number any more

  @Override
  public float largest(float[] logits, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = logits[i] > largest ? logits[i] : largest;
    }
    return largest;
  }

  @Override
  public float powers(float[] logits, int count, float largest, float scale, float[] into) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      float x = (logits[i] - largest) * scale;
      into[i] = x < LEAST ? 0 : (float) Math.exp(x);
      sum += into[i];
    }
    return (float) sum;
  }
}
