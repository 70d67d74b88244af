package malt.torch.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.ModelCodec;
import org.junit.jupiter.api.Test;

/** The embedded model, opened as a library's user opens one. */
class LocalModelTest {
  private static final SamplingRequest REQUEST =
      new SamplingRequest(
          new Prompt(List.of(Message.of(Message.Role.USER, "2 + 3 ?"))),
          AdapterRef.BASE,
          new SamplingParams(1, 1, 12),
          List.of(1L, 2L));

  private static Path nano() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("models/nano"))) {
      directory = directory.getParent();
    }
    return directory.resolve("models/nano");
  }

  @Test
  void a_directory_is_opened_sampled_from_and_closed() {
    List<Completion> completions;
    try (LocalModel model = LocalModel.open(nano())) {
      completions = model.sampler().sample(List.of(REQUEST)).get(0);
    }
    assertThat(completions).extracting(Completion::seed).containsExactly(1L, 2L);
    assertThat(completions).allSatisfy(one -> assertThat(one.ids()).isNotEmpty());
  }

  @Test
  void its_samplers_share_its_weights_and_say_the_same() {
    try (LocalModel model = LocalModel.open(nano())) {
      ModelCodec codec = new ModelCodec(model.tokenizer(), model.chat(), List.of());
      GenerationSettings settings = new GenerationSettings(2, 1);
      List<String> said = texts(model.sampler().sample(List.of(REQUEST)));
      assertThat(texts(model.sampler(codec, settings).sample(List.of(REQUEST)))).isEqualTo(said);
      assertThat(texts(model.live(codec, settings).sample(List.of(REQUEST)))).isEqualTo(said);
    }
  }

  private static List<String> texts(List<List<Completion>> completions) {
    return completions.get(0).stream().map(Completion::text).toList();
  }
}
