package malt.torch.generation;

import malt.model.LanguageModel;

class TorchLanguageModelContractTest extends LocalModelContract {
  @Override
  LanguageModel open(PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    return new TorchLanguageModel(codec, adapters, settings);
  }
}
