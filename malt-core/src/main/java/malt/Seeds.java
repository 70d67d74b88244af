package malt;

/**
 * Random seeds derived from a position (experiment seed, problem id, role, path in the tree), never
 * from order, thread or partition; so the same position always draws the same numbers.
 */
public final class Seeds {
  private Seeds() {}

  /** Mixes the parts, in order, into one well-distributed 64-bit seed. */
  public static long of(long seed, Object... position) {
    long state = mix(seed);
    for (Object part : position) {
      String text = String.valueOf(part);
      for (int i = 0; i < text.length(); i++) {
        state = mix(state ^ text.charAt(i));
      }
      state = mix(state ^ 0x1_0000L); // separates ("a", "bc") from ("ab", "c")
    }
    return state;
  }

  /** One step of SplitMix64 (Steele, Lea and Flood 2014). */
  public static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The seed as a uniform number in [0, 1), from its 53 high bits. */
  public static double uniform(long seed) {
    return (mix(seed) >>> 11) * 0x1.0p-53;
  }
}
