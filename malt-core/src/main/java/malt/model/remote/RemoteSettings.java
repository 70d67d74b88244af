package malt.model.remote;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model behind OpenAI's HTTP API; docs/remote.md explains each key. No key of a configuration has
 * a default.
 *
 * @param url up to and with the version, such as http://127.0.0.1:8000/v1
 * @param api how prompts are sent
 * @param model what the server calls the base
 * @param adapters what it calls trained adapters, by their names here, such as joint/generator/sft
 * @param keyVariable the environment variable that holds the API key; empty for none
 * @param stop texts at which a completion ends, besides the model's own end-of-text
 * @param samplesPerRequest most completions of one prompt asked for at once; 1 gives each its own
 *     seed on every server
 * @param requestsInFlight most requests under way at once
 * @param timeoutSeconds of one attempt at a request, its whole answer included
 * @param patienceSeconds for how long a failing request is tried again
 */
public record RemoteSettings(
    String url,
    Api api,
    String model,
    Map<String, String> adapters,
    String keyVariable,
    List<String> stop,
    int samplesPerRequest,
    int requestsInFlight,
    int timeoutSeconds,
    int patienceSeconds) {

  /** The two ways to ask. */
  public enum Api {
    /** Messages, laid out by the server's chat template. */
    CHAT,
    /** Token ids, laid out and encoded here. */
    COMPLETIONS
  }

  public RemoteSettings {
    adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters)); // in the order given
    stop = List.copyOf(stop);
  }

  /**
   * The base alone, over chat, without a key: a seed for each sample, 16 requests at once, two
   * minutes for each and ten for one that fails, as configs/servers/openai.yaml has it.
   */
  public static RemoteSettings of(String url, String model) {
    return new RemoteSettings(url, Api.CHAT, model, Map.of(), "", List.of(), 1, 16, 120, 600);
  }
}
