package malt.agent;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * What the words of a turn say about the answer of an earlier one.
 *
 * @param turn whose answer is judged
 * @param flag a regular expression: words that hold a match call the answer wrong; "" where nothing
 *     tells, so that verdicts are not read
 * @param ends whether words that do not call the answer wrong end the team's work: nobody objects
 */
public record Judgement(int turn, String flag, boolean ends) implements Serializable {
  public Judgement {
    if (turn < 0 || (ends && flag.isEmpty())) {
      throw new IllegalArgumentException("turn %d, flag '%s', ends %s".formatted(turn, flag, ends));
    }
  }

  /** Whether verdicts can be read. */
  public boolean tells() {
    return !flag.isEmpty();
  }

  /** Whether these words end the team's work: they could, and do not call the answer wrong. */
  public boolean closes(String words) {
    return ends && !flags(words);
  }

  /** Whether these words call the answer wrong. */
  public boolean flags(String words) {
    return tells() && Pattern.compile(flag).matcher(words).find();
  }
}
