package malt.app.serve;

/** Room for completions; who finds none is told so at once. */
final class Admission {
  private final int most;
  private int taken;

  Admission(int most) {
    this.most = most;
  }

  /**
   * Takes room for {@code weight} completions.
   *
   * @throws ApiError if there is none, now or ever
   */
  synchronized void enter(int weight) {
    if (weight > most) {
      throw ApiError.of(
          400,
          "The request asks for %d completions; this server bears %d.".formatted(weight, most));
    }
    if (taken + weight > most) {
      throw ApiError.of(429, "The queue is full; try again in a moment.");
    }
    taken += weight;
  }

  synchronized void leave(int weight) {
    taken -= weight;
  }
}
