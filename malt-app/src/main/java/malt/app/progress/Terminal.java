package malt.app.progress;

import java.io.PrintStream;

/**
 * Where progress is drawn.
 *
 * @param columns width of the terminal; 0 where there is none (a pipe, a log file, CI)
 */
public record Terminal(PrintStream out, int columns) {
  /**
   * The terminal that the launcher found, as it said in the property {@code malt.columns}. Java
   * itself cannot tell whether the error stream is a terminal ({@link System#console()} looks at
   * other streams, and from JDK 22 on it is never null); so without that property there is none.
   */
  public static Terminal detect(PrintStream out) {
    return new Terminal(out, Math.max(0, Integer.getInteger("malt.columns", 0)));
  }

  /** Whether a line can be redrawn in place. */
  public boolean interactive() {
    return columns > 0;
  }
}
