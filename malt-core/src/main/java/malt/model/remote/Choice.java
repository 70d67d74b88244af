package malt.model.remote;

import java.util.EnumSet;
import java.util.Set;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;

/**
 * One answer as a server gave it, and the rules by which it becomes a completion; docs/remote.md
 * has them in words.
 *
 * @param thoughts whether the server shows thoughts beside the text
 * @param reason its finish_reason; empty for none
 * @param tokens how many the server says that it sampled; -1 where it does not tell
 * @param logProbs of each id; empty where there are none, or where they do not fit
 * @param odd whether one of the log-probabilities is none
 */
record Choice(
    String text,
    boolean thoughts,
    String reason,
    int tokens,
    int[] promptIds,
    int[] ids,
    float[] logProbs,
    boolean odd) {
  /** An empty answer has its end-of-text token and no other. */
  private static final int TOKENS_OF_NOTHING = 1;

  Completion completion(AdapterRef adapter, long seed, int maxTokens) {
    Set<Remark> remarks = EnumSet.noneOf(Remark.class);
    FinishReason finish = finish(remarks, maxTokens);
    if (text.isBlank() && finish != FinishReason.FAILED) {
      boolean unseen = ids.length == 0 && (finish == FinishReason.LENGTH || tokensAreHidden());
      remarks.add(thoughts || unseen ? Remark.UNSEEN : Remark.EMPTY);
      finish = thoughts || unseen ? FinishReason.FAILED : finish;
    }
    if (finish == FinishReason.FAILED) {
      Remark why = remarks.contains(Remark.UNSEEN) ? Remark.UNSEEN : Remark.WITHHELD;
      return Completion.failed(adapter, seed, why);
    }
    if (odd) {
      remarks.add(Remark.LOG_PROBS);
    }
    return new Completion(text, promptIds, ids, logProbs, finish, adapter, seed, remarks);
  }

  private boolean tokensAreHidden() {
    return text.isEmpty() && tokens > TOKENS_OF_NOTHING;
  }

  /** Where ids are there, they tell whether the last one ends the text; who knows ids decides. */
  private FinishReason finish(Set<Remark> remarks, int maxTokens) {
    Ending ending = Ending.of(reason);
    if (ending == Ending.WITHHELD || ending == Ending.BROKEN) {
      return FinishReason.FAILED;
    }
    int count = ids.length > 0 ? ids.length : tokens;
    if (count > maxTokens) {
      remarks.add(Remark.OVER_LIMIT);
      return FinishReason.LENGTH;
    }
    if (ending == Ending.CUT) {
      return FinishReason.LENGTH;
    }
    if (ending == Ending.UNSAID) {
      remarks.add(Remark.UNSAID_END);
    }
    if (count == maxTokens && ids.length == 0 && !text.isEmpty()) {
      remarks.add(Remark.AT_LIMIT);
      return FinishReason.LENGTH;
    }
    return FinishReason.STOP;
  }
}
