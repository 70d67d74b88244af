package malt.torch.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import malt.model.Completion;
import malt.model.Message;

/**
 * The ids of a prompt in the making. Text next to text is encoded together, as the whole text would
 * be; sampled ids are never encoded again (token in, token out), so the border to them is one no
 * token crosses.
 */
final class SplicedIds {
  private final Tokenizer tokenizer;
  private final IntPredicate ends;
  private final Beginning beginning;
  private final List<TextSpan> run = new ArrayList<>();
  private final List<int[]> pieces = new ArrayList<>();

  /** How the first text is encoded; it may be empty. */
  interface Beginning {
    int[] encode(List<TextSpan> text);
  }

  /**
   * @param ends whether an id ends a completion
   */
  SplicedIds(Tokenizer tokenizer, IntPredicate ends, Beginning beginning) {
    this.tokenizer = tokenizer;
    this.ends = ends;
    this.beginning = beginning;
  }

  /**
   * @param trusted whether names of special tokens in the text are those tokens
   */
  void add(String text, boolean trusted) {
    run.add(new TextSpan(text, trusted));
  }

  /** What the message says from {@code start} on, {@code length} characters of it. */
  void add(Message message, int start, int length) {
    int partStart = 0;
    for (Message.Part part : message.parts()) {
      int partLength = part.text().length();
      int from = Math.max(0, start - partStart);
      int to = Math.min(partLength, start + length - partStart);
      partStart += partLength;
      if (from >= to) {
        continue;
      }
      String text = part.text().substring(from, to);
      int[] ids =
          part instanceof Message.Sampled sampled ? ids(sampled.completion(), text) : new int[0];
      if (ids.length == 0) {
        run.add(new TextSpan(text, false));
      } else {
        flush();
        pieces.add(ids);
      }
    }
  }

  /** All of it, (P). */
  int[] ids() {
    if (!run.isEmpty()) {
      flush();
    }
    return pieces.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private void flush() {
    if (pieces.isEmpty()) {
      pieces.add(beginning.encode(run));
    } else if (!run.isEmpty()) {
      pieces.add(tokenizer.encodeContinuation(run));
    }
    run.clear();
  }

  /**
   * The completion's ids that say this text: without what ended it, which the layout writes itself,
   * without special tokens, which are no text and would steer the next speaker, and without the
   * outer tokens that hold what is cut away. None where no run of the ids has this text, or where
   * there were none to begin with.
   */
  private int[] ids(Completion completion, String text) {
    int[] said = completion.ids();
    int ended = said.length > 0 && ends.test(said[said.length - 1]) ? said.length - 1 : said.length;
    int[] ids = Arrays.stream(said, 0, ended).filter(tokenizer::isText).toArray();
    boolean whole = text.equals(completion.text());
    if (whole && tokenizer.decode(ids).stripLeading().equals(text.stripLeading())) {
      return ids; // a server may have cut a space off the text
    }
    int[] run = lastRun(ids, text);
    if (run.length == 0) {
      run = lastRun(withoutBlankEnd(ids), text);
    }
    return run.length > 0 ? run : lastRun(firstToSay(ids, text), text);
  }

  /** The ids from one of them on that have this text; none if there is no such one. */
  private int[] lastRun(int[] ids, String text) {
    if (tokenizer.decode(ids).endsWith(text)) {
      for (int from = 0; from < ids.length; from++) {
        int[] run = Arrays.copyOfRange(ids, from, ids.length);
        if (tokenizer.decode(run).equals(text)) {
          return run;
        }
      }
    }
    return new int[0];
  }

  private int[] withoutBlankEnd(int[] ids) {
    int end = ids.length;
    while (end > 0 && tokenizer.decode(new int[] {ids[end - 1]}).isBlank()) {
      end--;
    }
    return Arrays.copyOf(ids, end);
  }

  /** So many of the ids, from the first, as it takes to have said the text; else all. */
  private int[] firstToSay(int[] ids, String text) {
    int tooFew = 0;
    int enough = ids.length;
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) >>> 1;
      if (tokenizer.decode(Arrays.copyOf(ids, middle)).contains(text)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return Arrays.copyOf(ids, enough);
  }
}
