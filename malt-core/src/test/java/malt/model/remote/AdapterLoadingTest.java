package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.remote.LoraServer.Way;
import malt.model.remote.ScriptedApi.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdapterLoadingTest {
  @TempDir private Path folder;

  private AdapterRef adapter(String directory, String weights) {
    Path place = folder.resolve(directory);
    try {
      Files.createDirectories(place);
      Files.writeString(place.resolve("adapter_config.json"), "{}");
      Files.writeString(place.resolve("adapter_model.safetensors"), weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AdapterRef("joint/generator/sft", place);
  }

  private static List<Completion> sample(RemoteLanguageModel model, AdapterRef adapter) {
    return sample(model, adapter, 2);
  }

  private static List<Completion> sample(RemoteLanguageModel model, AdapterRef adapter, int seeds) {
    return model
        .sample(
            List.of(
                new SamplingRequest(
                    Prompt.of("2 + 3 ?"),
                    adapter,
                    new SamplingParams(1, 1, 24),
                    LongStream.range(0, seeds).boxed().toList())))
        .get(0);
  }

  private static List<FakeServer.Request> asked(FakeServer server, String path) {
    return server.requests().stream()
        .filter(request -> request.path().endsWith(path))
        .filter(request -> request.body().size() > 0)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void an_adapter_is_loaded_when_it_is_needed_and_unloaded_at_the_end(Way way) {
    LoraServer lora = new LoraServer(way);
    AdapterRef adapter = adapter("a", "weights");
    try (FakeServer server = new FakeServer(lora)) {
      try (RemoteLanguageModel model = Remotes.open(server, 1)) {
        model.requireLoading("what this run trains");
        assertThat(sample(model, AdapterRef.BASE)).hasSize(2);
        assertThat(lora.loaded()).isEmpty();
        assertThat(sample(model, adapter)).extracting(Completion::adapter).containsOnly(adapter);
        assertThat(sample(model, adapter)).hasSize(2);
        String name = AdapterLoader.name(adapter, folder.resolve("a").toAbsolutePath());
        assertThat(lora.loaded()).containsOnlyKeys(name);
        if (way != Way.OLLAMA) {
          assertThat(asked(server, "/load_lora_adapter")).hasSize(1);
          assertThat(lora.loaded()).containsEntry(name, folder.resolve("a").toString());
        }
        assertThat(
                server.requests().get(server.requests().size() - 1).body().path("model").asText())
            .isEqualTo(way == Way.SGLANG ? "base:" + name : name);
      }
      assertThat(lora.loaded()).isEmpty();
    }
  }

  @Test
  void a_name_is_never_that_of_other_weights_or_of_another_run() {
    Path place = folder.resolve("a").toAbsolutePath();
    String first = AdapterLoader.name(adapter("a", "weights"), place);
    assertThat(first).matches("joint-generator-sft-[0-9a-f]{12}");
    assertThat(AdapterLoader.name(adapter("a", "weights"), place)).isEqualTo(first);
    assertThat(AdapterLoader.name(adapter("a", "others"), place)).isNotEqualTo(first);
    Path other = folder.resolve("b").toAbsolutePath();
    assertThat(AdapterLoader.name(adapter("b", "weights"), other)).isNotEqualTo(first);
  }

  @Test
  void an_adapter_that_a_killed_process_left_there_is_used() {
    LoraServer lora = new LoraServer(Way.VLLM);
    AdapterRef adapter = adapter("a", "weights");
    try (FakeServer server = new FakeServer(lora)) {
      RemoteLanguageModel killed = Remotes.open(server, 1);
      sample(killed, adapter);
      assertThat(lora.loaded()).hasSize(1);
      try (RemoteLanguageModel model = Remotes.open(server, 1)) {
        assertThat(sample(model, adapter)).hasSize(2);
      }
      assertThat(lora.loaded()).isEmpty();
      killed.close();
    }
  }

  @Test
  void a_server_that_was_started_again_is_given_the_adapter_anew() {
    LoraServer lora = new LoraServer(Way.VLLM);
    AdapterRef adapter = adapter("a", "weights");
    try (FakeServer server = new FakeServer(lora);
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      sample(model, adapter);
      for (int time = 0; time < 5; time++) { // several requests at once find that out
        lora.forget();
        assertThat(sample(model, adapter, 12))
            .extracting(Completion::finish)
            .containsOnly(FinishReason.STOP);
      }
      assertThat(lora.loaded()).hasSize(1);
    }
  }

  @Test
  void a_server_that_cannot_is_told_of_with_what_to_start_it_with() {
    try (FakeServer server =
            new FakeServer(
                request ->
                    request.path().contains("adapter") || request.path().startsWith("/api/")
                        ? FakeServer.says(404, "{}")
                        : ScriptedApi.of(Dialect.VLLM).to(request));
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      assertThatThrownBy(() -> model.requireLoading("what this run trains"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(server.url() + " takes no adapters while it runs")
          .hasMessageContaining("VLLM_ALLOW_RUNTIME_LORA_UPDATING=True")
          .hasMessageContaining("--enable-lora");
      assertThatThrownBy(() -> sample(model, adapter("a", "weights")))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("joint/generator/sft cannot be sampled there");
    }
  }

  @Test
  void a_connection_that_breaks_while_the_way_is_asked_for_says_nothing_of_it() {
    AdapterRef adapter = adapter("a", "weights");
    FakeServer.Response broken = new FakeServer.BreaksOff("{\"error\": {\"code\": 400}}");
    try (FakeServer server = new FakeServer(new LoraServer(Way.VLLM))) {
      try (RemoteLanguageModel model = Remotes.open(server, 1)) {
        server.next(broken, broken);
        model.requireLoading("what this run trains");
        assertThat(sample(model, adapter)).hasSize(2);
      }
      try (RemoteLanguageModel model = Remotes.open(server, 1)) {
        server.next(broken, broken);
        assertThat(sample(model, adapter))
            .extracting(Completion::finish)
            .containsOnly(FinishReason.STOP);
      }
    }
  }

  @Test
  void an_adapter_that_the_server_refuses_stops_the_run_with_its_words() {
    try (FakeServer server = new FakeServer(new LoraServer(Way.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      assertThatThrownBy(() -> sample(model, adapter("rank64", "weights")))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("LoRA rank 64 is greater than max_lora_rank")
          .hasMessageContaining("--max-lora-rank of no less than lora.rank")
          .matches(e -> !((ModelException) e).retriable());
    }
  }
}
