package malt.kernel;

/** What drawing a token wants of its logits, a block of them at a time, in 32 bits. */
public abstract class LogitsKernel {
  /** Logits of a block at most: with their powers they stay in the first cache. */
  public static final int BLOCK = 1024;

  /** The fastest kernel here: by the Vector API where the JVM was started with its module. */
  public static LogitsKernel best() {
    return AttentionKernel.vectorised() ? new VectorLogits() : new PlainLogits();
  }

  /** The largest of the first {@code count} logits; what is NaN may be passed over. */
  public abstract float largest(float[] logits, int count);

  /**
   * Writes e^((x - largest) scale) of the first {@code count} logits x, 0 where that is below
   * 2^-126; NaN where x or its distance is.
   *
   * @param largest no logit is larger
   * @param scale above 0
   * @param into of size {@link #BLOCK}; what follows the first {@code count} is overwritten too
   * @return their sum
   */
  public abstract float powers(float[] logits, int count, float largest, float scale, float[] into);
}
