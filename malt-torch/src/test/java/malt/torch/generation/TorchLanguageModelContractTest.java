package malt.torch.generation;

import malt.model.LanguageModel;
import malt.torch.decoding.Way;

class TorchLanguageModelContractTest extends LocalModelContract {
  TorchLanguageModelContractTest(Way way) {
    super(way);
  }

  @Override
  LanguageModel open(PromptCodec codec, AdapterStore adapters, GenerationSettings settings) {
    return new TorchLanguageModel(codec, adapters, settings);
  }
}
