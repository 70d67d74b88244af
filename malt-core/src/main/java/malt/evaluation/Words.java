package malt.evaluation;

import java.util.List;

/** Lists in sentences. */
final class Words {
  private Words() {}

  /** "a", "a and b", "a, b and c". */
  static String list(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }
}
