package malt.torch.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import malt.Interruption;
import malt.torch.decoding.Decoder;
import malt.torch.tensor.GradMode;

/** Continues the rows of one batch: who ends makes room for the next prompt. */
final class BatchDecoder {
  private BatchDecoder() {}

  /**
   * Fills the batch's drafts.
   *
   * @param decoder closed at the end
   * @param most rows at a time; no part has more
   */
  static void decode(Decoder decoder, PromptCodec codec, Batch batch, int most) {
    try (GradMode grad = GradMode.off();
        RowBatch rows = new RowBatch(decoder, codec)) {
      Deque<RowBatch.Waiting> waiting = new ArrayDeque<>();
      batch.parts().forEach(part -> waiting.add(rows.expect(part)));
      while (!waiting.isEmpty() || rows.unfinished() > 0) {
        Interruption.check("sampling");
        List<RowBatch.Waiting> joining = new ArrayList<>();
        int room = most - rows.unfinished();
        while (!waiting.isEmpty() && waiting.element().part().drafts().size() <= room) {
          room -= waiting.element().part().drafts().size();
          joining.add(waiting.remove());
        }
        if (!joining.isEmpty()) {
          rows.join(joining);
        }
        if (rows.unfinished() > 0) {
          rows.step();
        }
      }
    }
  }
}
