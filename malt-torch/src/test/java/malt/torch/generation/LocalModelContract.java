package malt.torch.generation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.LanguageModelContract;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.Way;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Both local models, on one tiny base, in every way to decode. */
@ParameterizedClass
@MethodSource("malt.torch.decoding.Way#each")
abstract class LocalModelContract extends LanguageModelContract {
  private final CausalLm base;
  private final LanguageModel model;

  LocalModelContract(Way way) {
    base = Devices.placed(way.assumed().device(), TinyModels.random(3));
    model =
        open(
            new NumberCodec(Set.of(7)),
            new AdapterStore(base, way.packing(), directory -> LoraAdapter.NONE),
            new GenerationSettings(way.device().isProcessor() ? 2 : 1, 8));
  }

  abstract LanguageModel open(
      PromptCodec codec, AdapterStore adapters, GenerationSettings settings);

  @AfterEach
  void close() {
    model.close();
    base.close();
  }

  @Override
  protected LanguageModel model() {
    return model;
  }

  /** Each character as one id. */
  @Override
  protected Prompt prompt(String question) {
    String ids =
        question.chars().mapToObj(c -> String.valueOf(c % 50)).collect(Collectors.joining(" "));
    return new Prompt(List.of(Message.of(Message.Role.USER, ids)));
  }

  @Override
  protected Optional<SamplingRequest> failing() {
    return Optional.of(
        new SamplingRequest(
            prompt("x".repeat(TinyModels.CONFIG.maxPositions())),
            AdapterRef.BASE,
            params(1, 4),
            List.of(1L, 2L)));
  }
}
