package malt.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.app.cli.ServedProcess;
import malt.model.AdapterRef;
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
    model =
        RemoteLanguageModel.open(
            new RemoteSettings(
                server.url(),
                RemoteSettings.Api.CHAT,
                "base",
                Map.of(),
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
    assertThat(traits.manySamples() && traits.ownSeeds() && traits.tokenIds()).isTrue();
    assertThat(traits.logProbs()).isEqualTo(ServerTraits.LogProbs.ALONE);
    assertThat(traits.base()).hasSize(64);
    assertThat(traits.template()).hasSize(64);
  }
}
