package malt.torch.generation;

import java.util.concurrent.CompletableFuture;
import malt.model.Completion;
import malt.model.FinishReason;

/** A draft that somebody waits for and listens to. */
final class LiveRow {
  private final LiveRequest request;
  private final Draft draft;
  private final StopTexts stops;
  private final LiveListener listener;
  private final CompletableFuture<Completion> answer = new CompletableFuture<>();
  private String shown = "";

  /**
   * @param stops what may end the draft is not shown before it is known to be none of them
   */
  LiveRow(LiveRequest request, Draft draft, StopTexts stops, LiveListener listener) {
    this.request = request;
    this.draft = draft;
    this.stops = stops;
    this.listener = listener;
  }

  Draft draft() {
    return draft;
  }

  CompletableFuture<Completion> answer() {
    return answer;
  }

  /** Whether nobody waits any longer. */
  boolean abandoned() {
    return answer.isDone();
  }

  /**
   * After each token: shows it, and ends where nobody waits any longer. What goes wrong in that is
   * this row's alone.
   */
  void heard(PromptCodec codec) {
    if (abandoned()) {
      draft.finish(FinishReason.FAILED);
    } else if (draft.length() > 0 && listener != LiveListener.NONE) {
      try {
        show(codec);
      } catch (RuntimeException | OutOfMemoryError e) {
        answer.completeExceptionally(e);
        draft.finish(FinishReason.FAILED);
      }
    }
  }

  /** Answers with the finished draft. */
  void end(PromptCodec codec) {
    try {
      answer.complete(draft.completion(request.adapter(), codec));
    } catch (RuntimeException | OutOfMemoryError e) {
      answer.completeExceptionally(e);
    }
  }

  private void show(PromptCodec codec) {
    String said = draft.text(codec);
    String text = draft.finished() ? said : stops.settled(said);
    String fresh = text.startsWith(shown) ? text.substring(shown.length()) : "";
    shown += fresh;
    listener.said(draft.lastId(), draft.lastLogProb(), fresh);
  }
}
