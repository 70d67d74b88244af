package malt.model.remote;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model behind OpenAI's HTTP API; docs/remote.md explains each key. No key of a configuration has
 * a default.
 *
 * @param urls addresses of one server or of several with the same base, each up to and with the
 *     version, such as http://127.0.0.1:8000/v1
 * @param api how prompts are sent
 * @param model what the server calls the base
 * @param adapters what it calls trained adapters that it was started with, by their names here,
 *     such as joint/generator/sft; others are loaded into it when they are needed
 * @param seed whether requests carry seeds, where the server takes them
 * @param keyVariable the environment variable that holds the API key; empty for none
 * @param stop texts at which a completion ends, besides the model's own end-of-text
 * @param samplesPerRequest most completions of one prompt asked for at once; 1 gives each its own
 *     seed on every server
 * @param requestsInFlight most requests under way at once at each address
 * @param timeoutSeconds of one attempt at a request, its whole answer included
 * @param patienceSeconds for how long a failing request is tried again
 */
public record RemoteSettings(
    @JsonProperty("url")
        @JsonFormat(
            with = {
              JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
              JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
            })
        List<String> urls,
    Api api,
    String model,
    Map<String, String> adapters,
    boolean seed,
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
    urls = List.copyOf(urls);
    adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters)); // in the order given
    stop = List.copyOf(stop);
  }

  /**
   * The base alone, over chat, without a key: a seed for each sample, 16 requests at once, two
   * minutes for each and ten for one that fails, as configs/servers/openai.yaml has it.
   */
  public static RemoteSettings of(String url, String model) {
    return new RemoteSettings(
        List.of(url), Api.CHAT, model, Map.of(), true, "", List.of(), 1, 16, 120, 600);
  }

  /** Whom messages speak of. */
  String place() {
    return String.join(", ", urls);
  }
}
