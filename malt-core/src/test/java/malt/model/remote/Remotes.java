package malt.model.remote;

import java.util.List;
import java.util.Map;

/** Settings of remote models in tests. */
final class Remotes {
  private Remotes() {}

  /** Chat with the models "base" and "tuned", patient for two seconds. */
  static RemoteSettings settings(String url, int samplesPerRequest) {
    return new RemoteSettings(
        List.of(url),
        RemoteSettings.Api.CHAT,
        "base",
        Map.of("joint/verifier/dpo", "tuned"),
        true,
        "",
        List.of(),
        samplesPerRequest,
        4,
        1,
        2);
  }

  static RemoteLanguageModel open(FakeServer server, int samplesPerRequest) {
    return RemoteLanguageModel.open(settings(server.url(), samplesPerRequest), null, name -> null);
  }
}
