package malt.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.app.cli.ServedProcess;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.LanguageModelContract;
import malt.model.SamplingRequest;
import malt.model.remote.RemoteLanguageModel;
import malt.model.remote.RemoteSettings;
import malt.model.remote.ServerTraits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model through our own server and our own client keeps the contract in full. */
class ServedLanguageModelContractTest extends LanguageModelContract {
  @TempDir private static Path folder;
  private static ServedProcess server;
  private static RemoteLanguageModel model;

  @BeforeAll
  static void start() throws Exception {
    server = ServedProcess.start(folder);
    model = open(server.url());
  }

  private static RemoteLanguageModel open(String url) {
    return RemoteLanguageModel.open(
        new RemoteSettings(
            List.of(url),
            RemoteSettings.Api.CHAT,
            "base",
            Map.of(),
            true,
            "",
            List.of(),
            16,
            8,
            60,
            5),
        null,
        name -> null);
  }

  @AfterAll
  static void stop() {
    model.close();
    server.close();
  }

  @Override
  protected LanguageModel model() {
    return model;
  }

  @Override
  protected float rounding() {
    return 1e-4f;
  }

  @Override
  protected Optional<SamplingRequest> failing() {
    return Optional.of(
        new SamplingRequest(
            prompt("7 ".repeat(2000)), AdapterRef.BASE, params(1, 24), List.of(4L, 5L)));
  }

  @Test
  void our_server_tells_all_that_it_can() {
    ServerTraits traits = model.traits();
    assertThat(traits.ownSeeds() && traits.tokenIds()).isTrue();
    assertThat(traits.samples()).isEqualTo(16);
    assertThat(traits.logProbs()).isEqualTo(ServerTraits.LogProbs.ALONE);
    assertThat(traits.base()).hasSize(64);
    assertThat(traits.template()).hasSize(64);
  }

  /**
   * A server that does not say that it is ours is asked for all that foreign ones are asked for.
   */
  @Test
  void our_server_takes_what_our_client_asks_of_foreign_ones() throws Exception {
    try (Relay relay = new Relay(server.url());
        RemoteLanguageModel stranger = open(relay.url())) {
      ServerTraits traits = stranger.traits();
      assertThat(traits.base()).isNull();
      assertThat(traits.samplerKeys() && traits.seed() && !traits.ownSeeds()).isTrue();
      List<Completion> answers =
          stranger
              .sample(
                  List.of(
                      new SamplingRequest(
                          prompt("2 + 3 ?"), AdapterRef.BASE, params(1, 24), List.of(1L, 2L))))
              .get(0);
      assertThat(answers)
          .hasSize(2)
          .noneMatch(answer -> answer.finish() == FinishReason.FAILED)
          .allMatch(answer -> answer.remarks().isEmpty());
    }
  }
}
