package malt.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The choices among the lines of a question ("A. bank").
 *
 * @param byWords the letter of each text; texts that two choices share are left out
 */
record ChoiceLines(Map<String, String> byWords) {
  private static final Pattern LINE = Pattern.compile("(?m)^([A-Z])\\. (.*)$");

  static ChoiceLines of(String question) {
    Map<String, String> byWords = new LinkedHashMap<>();
    Matcher line = LINE.matcher(question);
    while (line.find()) {
      byWords.merge(ChoiceText.words(line.group(2)), line.group(1), (one, other) -> "");
    }
    return new ChoiceLines(byWords);
  }

  /** The letter of the choice that has just these words. */
  Optional<String> letter(String words) {
    return Optional.ofNullable(byWords.get(ChoiceText.words(words))).filter(one -> !one.isEmpty());
  }
}
