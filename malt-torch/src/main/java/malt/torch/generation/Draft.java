package malt.torch.generation;

import java.util.Arrays;
import malt.Seeds;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.SamplingParams;
import org.jspecify.annotations.Nullable;

/** A completion in the making: the tokens of one seed so far. */
final class Draft {
  private final int[] promptIds;
  private final long seed;
  private final SamplingParams params;
  private final int limit; // most new tokens
  private final StopTexts stops;
  private int[] ids = new int[16];
  private float[] logProbs = new float[16];
  private int length;
  private boolean ended; // by its last token
  private @Nullable FinishReason finish;

  Draft(int[] promptIds, long seed, SamplingParams params, int limit, StopTexts stops) {
    this.promptIds = promptIds;
    this.seed = seed;
    this.params = params;
    this.limit = limit;
    this.stops = stops;
    finish = limit < 1 ? FinishReason.FAILED : null;
  }

  int[] promptIds() {
    return promptIds;
  }

  SamplingParams params() {
    return params;
  }

  /** New tokens so far. */
  int length() {
    return length;
  }

  float lastLogProb() {
    return logProbs[length - 1];
  }

  /** What was said so far, without the token or the text that ended it. */
  String text(PromptCodec codec) {
    return stops.cut(codec.decode(Arrays.copyOf(ids, ended ? length - 1 : length)));
  }

  /** Ends it here, for a reason outside of its tokens. */
  void finish(FinishReason reason) {
    finish = reason;
  }

  boolean finished() {
    return finish != null;
  }

  /** The number in [0, 1) that draws the next token; it depends on seed and place alone. */
  double uniform() {
    return Seeds.uniform(Seeds.mix(seed) + length);
  }

  /** The token that the next one follows. */
  int lastId() {
    return length == 0 ? promptIds[promptIds.length - 1] : ids[length - 1];
  }

  /** One more token, which may be the last. */
  void add(int id, float logProb, PromptCodec codec) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length);
      logProbs = Arrays.copyOf(logProbs, 2 * length);
    }
    ids[length] = id;
    logProbs[length] = logProb;
    length++;
    ended = codec.isEnd(id);
    if (ended || stops.end(ids, length, codec)) {
      finish = FinishReason.STOP;
    } else if (length == limit) {
      finish = FinishReason.LENGTH;
    }
  }

  Completion completion(AdapterRef adapter, PromptCodec codec) {
    FinishReason reason = finish;
    if (reason == null) {
      throw new IllegalStateException("the completion is not finished");
    }
    return new Completion(
        text(codec),
        promptIds,
        Arrays.copyOf(ids, length),
        Arrays.copyOf(logProbs, length),
        reason,
        adapter,
        seed);
  }
}
