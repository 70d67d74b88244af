package malt.experiment;

/** The port to whoever shows how far long work is. */
public interface Stages {
  /**
   * Starts a stage.
   *
   * @param unit of {@code total}: "nodes", "steps"
   * @param total units at the end; 0 where it is not known
   */
  Stage start(Task task, String unit, long total);

  /** Tells the user what went otherwise than hoped, in one sentence. */
  void warn(String sentence);

  /** Work in progress; closed when it ends. Safe for any number of threads. */
  interface Stage extends AutoCloseable {
    /** Units done since the last call, of which {@code tokens} were sampled or trained on. */
    void advance(long units, long tokens);

    /** Text shown behind the counts from now on. */
    void note(String text);

    @Override
    void close();
  }

  /** Shows nothing. */
  static Stages silent() {
    return new Stages() {
      @Override
      public Stage start(Task task, String unit, long total) {
        return new Stage() {
          @Override
          public void advance(long units, long tokens) {}

          @Override
          public void note(String text) {}

          @Override
          public void close() {}
        };
      }

      @Override
      public void warn(String sentence) {}
    };
  }
}
