package malt;

import java.util.Set;

/** Lists of names, written as a text. */
public final class WordList {
  private WordList() {}

  /** The words between white space, each of them once. */
  public static Set<String> of(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
