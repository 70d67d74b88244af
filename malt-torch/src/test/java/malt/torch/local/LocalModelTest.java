package malt.torch.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Dtype;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.ModelCodec;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded model, opened as a library's user opens one, wherever it may compute. */
@ParameterizedClass
@MethodSource("malt.torch.tensor.Devices#all")
class LocalModelTest {
  private static final SamplingRequest REQUEST =
      new SamplingRequest(
          new Prompt(List.of(Message.of(Message.Role.USER, "2 + 3 ?"))),
          AdapterRef.BASE,
          new SamplingParams(1, 1, 12),
          List.of(1L, 2L));

  private final Device device;

  LocalModelTest(Device device) {
    this.device = Devices.assumed(device);
  }

  private LocalModel open() {
    return LocalModel.open(
        nano(), new LocalModel.Settings("nano", Dtype.AUTO, device, UnaryOperator.identity()));
  }

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
    try (LocalModel model = open()) {
      assertThat(model.device().kind()).isEqualTo(device.kind());
      completions = model.sampler().sample(List.of(REQUEST)).get(0);
    }
    assertThat(completions).extracting(Completion::seed).containsExactly(1L, 2L);
    assertThat(completions).allSatisfy(one -> assertThat(one.ids()).isNotEmpty());
  }

  @Test
  void its_samplers_share_its_weights_and_say_the_same() {
    try (LocalModel model = open()) {
      ModelCodec codec = new ModelCodec(model.tokenizer(), model.chat(), List.of());
      GenerationSettings settings = new GenerationSettings(2, 1);
      List<String> said = texts(model.sampler().sample(List.of(REQUEST)));
      assertThat(texts(model.sampler(codec, settings).sample(List.of(REQUEST)))).isEqualTo(said);
      assertThat(texts(model.live(codec, settings).sample(List.of(REQUEST)))).isEqualTo(said);
    }
  }

  @Test
  void it_says_what_it_says_where_it_is_opened_plainly() {
    try (LocalModel plain = LocalModel.open(nano());
        LocalModel model = open()) {
      assertThat(texts(model.sampler().sample(List.of(REQUEST))))
          .isEqualTo(texts(plain.sampler().sample(List.of(REQUEST))));
      assertThat(model.lora().fingerprint()).isEqualTo(plain.lora().fingerprint());
    }
  }

  private static List<String> texts(List<List<Completion>> completions) {
    return completions.get(0).stream().map(Completion::text).toList();
  }
}
