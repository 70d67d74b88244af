package malt.torch.generation;

import java.util.Arrays;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;

/**
 * Where an answer from elsewhere ends: at the first end-of-text token, be it an id or spelled out
 * in the text, and at the token limit. What a server sent beyond is not of the sample that was
 * asked for; what comes before is, so cutting leaves a sample of the model under that limit.
 */
record AnswerBounds(ModelCodec codec, int maxTokens) {
  private static final float[] NO_LOG_PROBS = new float[0];

  /** The answer with ids in any case, of which the last ends the text if the model ended it. */
  Completion of(Completion answer) {
    int end = end(answer.ids());
    int named = codec.endNamedAt(answer.text());
    boolean spelled = end < 0 && named >= 0; // as letters, which are no ids of the model's
    Completion ended =
        answer.ids().length == 0 || spelled ? encoded(answer, named) : given(answer, end, named);
    return ended.ids().length > maxTokens ? cut(ended) : ended;
  }

  /** The place of the first id that ends a text; -1 where there is none. */
  private int end(int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      if (codec.isEnd(ids[i])) {
        return i;
      }
    }
    return -1;
  }

  private Completion encoded(Completion answer, int named) {
    boolean ended = named >= 0 || answer.finish() == FinishReason.STOP;
    String text = named >= 0 ? answer.text().substring(0, named) : answer.text();
    Completion whole =
        with(answer, text, codec.encodeAnswer(text, ended), NO_LOG_PROBS, finish(ended));
    return named >= 0 ? whole.remarked(Remark.END_TOKEN) : whole;
  }

  private Completion given(Completion answer, int end, int named) {
    int[] ids = answer.ids();
    if (end >= 0) {
      boolean more = end < ids.length - 1;
      String text = answer.text();
      if (named >= 0) {
        text = text.substring(0, named);
      } else if (more) {
        text = codec.decode(Arrays.copyOf(ids, end));
      }
      int[] whole = Arrays.copyOf(ids, end + 1);
      Completion ended = with(answer, text, whole, logProbs(answer, end + 1), FinishReason.STOP);
      return more || named >= 0 ? ended.remarked(Remark.END_TOKEN) : ended;
    }
    if (answer.finish() == FinishReason.LENGTH) {
      return answer;
    }
    if (ids.length >= maxTokens) {
      return with(answer, answer.text(), ids, answer.logProbs(), FinishReason.LENGTH)
          .remarked(Remark.AT_LIMIT);
    }
    boolean stopped = new StopTexts(codec.stop()).in(codec.decode(ids)) >= 0; // by a text
    int[] whole = stopped ? ids : codec.ended(ids); // the end's log-probability is not known
    return with(answer, answer.text(), whole, answer.logProbs(), FinishReason.STOP);
  }

  private Completion cut(Completion answer) {
    int[] kept = Arrays.copyOf(answer.ids(), maxTokens);
    boolean onlyTheEnd = end(answer.ids()) == maxTokens; // which there was no room for
    String text = onlyTheEnd ? answer.text() : codec.decode(kept);
    return with(answer, text, kept, logProbs(answer, maxTokens), FinishReason.LENGTH)
        .remarked(onlyTheEnd ? Remark.AT_LIMIT : Remark.OVER_LIMIT);
  }

  private static FinishReason finish(boolean ended) {
    return ended ? FinishReason.STOP : FinishReason.LENGTH;
  }

  private static float[] logProbs(Completion answer, int count) {
    return answer.logProbs().length < count
        ? NO_LOG_PROBS
        : Arrays.copyOf(answer.logProbs(), count);
  }

  private static Completion with(
      Completion answer, String text, int[] ids, float[] logProbs, FinishReason finish) {
    return new Completion(
        text,
        answer.promptIds(),
        ids,
        logProbs,
        finish,
        answer.adapter(),
        answer.seed(),
        answer.remarks());
  }
}
