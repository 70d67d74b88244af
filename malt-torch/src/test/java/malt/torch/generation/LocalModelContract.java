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
import malt.torch.decoding.PackedModel;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import org.junit.jupiter.api.AfterEach;

/** Both local models, on one tiny base. */
abstract class LocalModelContract extends LanguageModelContract {
  private final CausalLm base = TinyModels.random(3);
  private final LanguageModel model =
      open(
          new NumberCodec(Set.of(7)),
          new AdapterStore(base, new PackedModel.Packing(true, 2), directory -> LoraAdapter.NONE),
          new GenerationSettings(2, 8));

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
