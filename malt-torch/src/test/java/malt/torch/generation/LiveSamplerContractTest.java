package malt.torch.generation;

import malt.model.LanguageModel;
import malt.torch.nn.CausalLm;

class LiveSamplerContractTest extends LocalModelContract {
  @Override
  LanguageModel open(
      CausalLm base, PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    return new LiveSampler(base, codec, adapters, settings);
  }

  /** Rows join others that are under way. */
  @Override
  protected float rounding() {
    return 1e-4f;
  }
}
