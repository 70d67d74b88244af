package malt.torch.generation;

import malt.model.LanguageModel;
import malt.torch.nn.CausalLm;

class TorchLanguageModelContractTest extends LocalModelContract {
  @Override
  LanguageModel open(
      CausalLm base, PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    return new TorchLanguageModel(base, codec, adapters, settings);
  }
}
