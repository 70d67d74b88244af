package malt.torch.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import malt.Interruption;
import malt.torch.tensor.GradMode;

/** Continues the rows of one batch: who ends makes room for the next prompt. */
final class BatchDecoder {
  private BatchDecoder() {}

  /**
   * Fills the batch's drafts.
   *
   * @param empty filled with them; closed at the end
   * @param most rows at a time; no part has more
   */
  static void decode(RowBatch empty, Batch batch, int most) {
    try (GradMode grad = GradMode.off();
        RowBatch rows = empty) {
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
