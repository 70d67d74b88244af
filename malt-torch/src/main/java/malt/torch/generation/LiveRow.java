package malt.torch.generation;

import java.util.concurrent.CompletableFuture;
import malt.model.Completion;
import malt.model.FinishReason;

/** A draft that somebody waits for and listens to. */
final class LiveRow {
  private final LiveRequest request;
  private final Draft draft;
  private final LiveListener listener;
  private final CompletableFuture<Completion> answer = new CompletableFuture<>();
  private String shown = "";

  LiveRow(LiveRequest request, Draft draft, LiveListener listener) {
    this.request = request;
    this.draft = draft;
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
   * After each token: shows it, and ends at a stop text or where nobody waits any longer. What goes
   * wrong in that is this row's alone.
   */
  void heard(PromptCodec codec) {
    if (abandoned()) {
      draft.finish(FinishReason.FAILED);
    } else if (draft.length() > 0 && (listener != LiveListener.NONE || !request.stop().isEmpty())) {
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
      answer.complete(completion(codec));
    } catch (RuntimeException | OutOfMemoryError e) {
      answer.completeExceptionally(e);
    }
  }

  private void show(PromptCodec codec) {
    String text = draft.text(codec);
    int end = stopAt(text);
    if (end >= 0) {
      draft.finish(FinishReason.STOP);
      text = text.substring(0, end);
    } else if (!draft.finished()) {
      text = settled(text);
    }
    String fresh = text.startsWith(shown) ? text.substring(shown.length()) : "";
    shown += fresh;
    listener.said(draft.lastId(), draft.lastLogProb(), fresh);
  }

  /** Where the first stop text begins; -1 if there is none. */
  private int stopAt(String text) {
    return request.stop().stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /** Without a half character at the end, and without what may become a stop text. */
  private String settled(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
      end--;
    }
    for (String stop : request.stop()) {
      for (int begun = Math.min(stop.length() - 1, end); begun > 0; begun--) {
        if (text.startsWith(stop.substring(0, begun), end - begun)) {
          end -= begun;
          break;
        }
      }
    }
    return text.substring(0, end);
  }

  private Completion completion(PromptCodec codec) {
    Completion whole = draft.completion(request.adapter(), codec);
    int end = stopAt(whole.text());
    return end < 0
        ? whole
        : new Completion(
            whole.text().substring(0, end),
            whole.promptIds(),
            whole.ids(),
            whole.logProbs(),
            FinishReason.STOP,
            whole.adapter(),
            whole.seed());
  }
}
