package malt.torch.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts at which a completion ends besides an end-of-text token. They are not part of its text;
 * their tokens stay among its ids, as an end-of-text token does: they are how the model ended it.
 */
record StopTexts(List<String> texts) {
  /** A character is at most so many tokens: one for each byte of its UTF-8. */
  private static final int TOKENS_OF_CHARACTER = 4;

  StopTexts {
    texts = List.copyOf(texts);
  }

  StopTexts and(List<String> more) {
    List<String> both = new ArrayList<>(texts);
    both.addAll(more);
    return new StopTexts(both);
  }

  /** Where the first of them begins in a text; -1 if there is none. */
  int in(String text) {
    return texts.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /**
   * Whether the text of these ids, of which the last is new, holds one of them; only so many ids
   * are looked at as it may be made of.
   *
   * @param length how many of the ids count
   */
  boolean end(int[] ids, int length, PromptCodec codec) {
    if (texts.isEmpty()) {
      return false;
    }
    int characters = texts.stream().mapToInt(String::length).max().orElse(0);
    int from = Math.max(0, length - TOKENS_OF_CHARACTER * characters);
    boolean near = in(codec.decode(Arrays.copyOfRange(ids, from, length))) >= 0;
    return near && in(codec.decode(Arrays.copyOf(ids, length))) >= 0;
  }

  /** The text without one of them and what follows it. */
  String cut(String text) {
    int end = in(text);
    return end < 0 ? text : text.substring(0, end);
  }

  /** The text without a half character at its end, and without what may become one of them. */
  String settled(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
      end--;
    }
    for (String stop : texts) {
      for (int begun = Math.min(stop.length() - 1, end); begun > 0; begun--) {
        if (text.startsWith(stop.substring(0, begun), end - begun)) {
          end -= begun;
          break;
        }
      }
    }
    return text.substring(0, end);
  }
}
