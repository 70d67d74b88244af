package malt.torch.generation;

import malt.Interruption;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;

/** Continues the rows of one batch together until each has ended. */
final class BatchDecoder {
  private BatchDecoder() {}

  /** Fills the batch's drafts. */
  static void decode(
      CausalLm model, PromptCodec codec, double compactBelow, Batch batch, LoraAdapter adapter) {
    try (GradMode grad = GradMode.off();
        RowBatch rows = new RowBatch(model, codec, compactBelow, adapter)) {
      rows.join(batch.parts());
      while (rows.unfinished() > 0) {
        Interruption.check("sampling");
        rows.step();
      }
    }
  }
}
