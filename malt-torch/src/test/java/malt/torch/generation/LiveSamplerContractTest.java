package malt.torch.generation;

import malt.model.LanguageModel;
import malt.torch.decoding.Way;

class LiveSamplerContractTest extends LocalModelContract {
  LiveSamplerContractTest(Way way) {
    super(way);
  }

  @Override
  LanguageModel open(PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    return new LiveSampler(codec, adapters, settings);
  }

  /** Rows join others that are under way. */
  @Override
  protected float rounding() {
    return 1e-4f;
  }
}
