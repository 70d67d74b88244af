package malt.problem;

/**
 * What a model said, as a grader gets it.
 *
 * @param truncated cut at the token limit: nothing in it is known to be the last word
 */
public record Response(String text, boolean truncated) {
  /** A response that ended by itself. */
  public static Response whole(String text) {
    return new Response(text, false);
  }
}
