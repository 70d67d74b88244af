package malt.problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a response that is its answer: without thoughts, finished or not, without what stands
 * behind the end of its turn or is struck through, and with full-width signs as their plain ones.
 */
public final class AnswerText {
  /** Characters at the end of what was said that are looked at. */
  static final int WINDOW = 32_768;

  /** Characters at the end of a response in which thoughts are looked for. */
  private static final int MAX = 200_000;

  private static final Pattern THOUGHT =
      Pattern.compile(
          "(?=[<\\[\u25c1][/|a-z])(?:(?<open><(?:think(?:ing)?|thoughts?|reasoning|scratchpad|seed:think)>|\\[think]"
              + "|\u25c1think\u25b7|<\\|channel\\|>analysis<\\|message\\|>)"
              + "|</(?:think(?:ing)?|thoughts?|reasoning|scratchpad|seed:think)>|\\[/think]"
              + "|\u25c1/think\u25b7|<\\|channel\\|>final<\\|message\\|>)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern END =
      Pattern.compile(
          "(?=[<\\[][/|a-zI])(?:<\\|[a-zA-Z][\\w\u2581]{2,30}\\|>|</s>|<eos>|<(?:start|end)_of_turn>|\\[/?INST])");

  private static final Pattern STRUCK = Pattern.compile("~~[^~]{1,80}~~");

  private AnswerText() {}

  /** The text in which answers are looked for; empty where all of it is thought. */
  public static String of(String text) {
    String spoken = last(spoken(last(text, MAX)), WINDOW);
    return STRUCK.matcher(plain(turn(spoken))).replaceAll("");
  }

  private static String last(String text, int length) {
    return text.length() <= length ? text : text.substring(text.length() - length);
  }

  private static String spoken(String text) {
    Matcher matcher = THOUGHT.matcher(text);
    StringBuilder spoken = new StringBuilder();
    boolean thinking = false;
    int from = 0;
    while (matcher.find()) {
      boolean open = matcher.group("open") != null;
      if (open && !thinking) {
        spoken.append(text, from, matcher.start());
      } else if (!open && !thinking) {
        spoken.setLength(0);
      }
      thinking = open;
      from = matcher.end();
    }
    return thinking ? spoken.toString() : spoken.append(text, from, text.length()).toString();
  }

  /** Up to the first token that ends a turn; such tokens before the first word are passed over. */
  private static String turn(String text) {
    Matcher end = END.matcher(text);
    int from = 0;
    while (end.find()) {
      if (!text.substring(from, end.start()).isBlank()) {
        return text.substring(from, end.start());
      }
      from = end.end();
    }
    return text.substring(from);
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fullWidth = c >= '\uff01' && c <= '\uff5e';
      plain.append(fullWidth ? (char) (c - 0xfee0) : c == '\u3000' || c == '\r' ? ' ' : c);
    }
    return plain.toString();
  }
}
