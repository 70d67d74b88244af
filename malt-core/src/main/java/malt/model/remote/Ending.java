package malt.model.remote;

import java.util.Locale;
import java.util.regex.Pattern;

/** Why a completion ended, by the words that servers have for it. */
enum Ending {
  /** The model ended it, or said a stop text. */
  ENDED("stop|eos|end|done|complete|finish|success"),
  /** The token limit or the context did. */
  CUT("length|limit|max_|truncat|context|incomplete|unfinished"),
  /** There is an answer which the server keeps, or none that is text. */
  WITHHELD(
      "filter|safety|refus|recitation|block|prohibit|spii|sensitive|moderat|guard|policy|tool"
          + "|function"),
  /** The server broke it off; asked again, it may not. */
  BROKEN(
      "abort|cancel|error|fail|interrupt|overload|time_?out|unavailable|insufficient|preempt|evict"
          + "|shutdown|network|rate_limit"),
  /** There is no word, or one that tells nothing. */
  UNSAID("");

  private final Pattern words;

  Ending(String words) {
    this.words = Pattern.compile(words);
  }

  /**
   * @param reason the server's finish_reason; empty where it gives none
   */
  static Ending of(String reason) {
    String word = reason.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
    for (Ending ending : new Ending[] {BROKEN, WITHHELD, CUT, ENDED}) {
      if (ending.words.matcher(word).find()) {
        return ending;
      }
    }
    return UNSAID;
  }
}
