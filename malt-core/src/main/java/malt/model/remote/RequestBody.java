package malt.model.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import malt.Seeds;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.remote.ServerTraits.LogProbs;
import org.jspecify.annotations.Nullable;

/** Requests for completions as JSON. */
final class RequestBody {
  private static final int ALL_TOKENS = 1 << 30; // 0 and -1 are each refused by some server

  private final RemoteSettings settings;
  private final @Nullable Function<Prompt, int[]> encoder;

  /**
   * @param encoder prompts to token ids; needed for {@link RemoteSettings.Api#COMPLETIONS}
   */
  RequestBody(RemoteSettings settings, @Nullable Function<Prompt, int[]> encoder) {
    this.settings = settings;
    this.encoder = encoder;
  }

  /** Whether there is a tokenizer here. */
  boolean encodesHere() {
    return encoder != null;
  }

  /** How many tokens a prompt has when it is read as one text; 0 without a tokenizer here. */
  int tokens(Prompt prompt) {
    return encoder == null ? 0 : encoded(sent(prompt)).length;
  }

  /** What reaches the server: over chat the text, which it encodes anew. */
  private Prompt sent(Prompt prompt) {
    return settings.api() == RemoteSettings.Api.COMPLETIONS
        ? prompt
        : new Prompt(
            prompt.messages().stream()
                .map(message -> Message.of(message.role(), message.text()))
                .toList());
  }

  /** Where requests go. */
  String path() {
    return settings.api() == RemoteSettings.Api.CHAT ? "/chat/completions" : "/completions";
  }

  /** A request for one completion, with nothing that a server may lack. */
  ObjectNode plain(Prompt prompt, String model, SamplingParams params) {
    ObjectNode body = Reply.JSON.createObjectNode();
    body.put("model", model);
    if (settings.api() == RemoteSettings.Api.CHAT) {
      ArrayNode messages = body.putArray("messages");
      for (Message message : prompt.messages()) {
        messages
            .addObject()
            .put("role", message.role().name().toLowerCase(Locale.ROOT))
            .put("content", message.text());
      }
    } else {
      ArrayNode ids = body.putArray("prompt");
      for (int id : encoded(prompt)) {
        ids.add(id);
      }
    }
    body.put("max_tokens", params.maxTokens());
    body.put("temperature", params.temperature());
    body.put("top_p", params.topP());
    if (!settings.stop().isEmpty()) {
      settings.stop().forEach(body.putArray("stop")::add);
    }
    return body;
  }

  /** A request for a completion per seed, with all that this server can do. */
  ObjectNode full(
      Prompt prompt, String model, SamplingParams params, List<Long> seeds, ServerTraits traits) {
    ObjectNode body = plain(prompt, model, params);
    if (traits.ownSeeds()) {
      seeds.forEach(body.putArray("seeds")::add);
    } else if (traits.seed()) {
      seed(body, seeds.get(0));
    }
    if (seeds.size() > 1) {
      body.put("n", seeds.size());
    }
    if (traits.tokenIds()) {
      askForIds(body);
    }
    askForLogProbs(body, traits.logProbs());
    if (traits.samplerKeys()) {
      switchOffSamplers(body);
    }
    return body;
  }

  void seed(ObjectNode body, long seed) {
    body.put("seed", portable(seed));
  }

  void askForIds(ObjectNode body) {
    body.put("return_token_ids", true);
  }

  void askForLogProbs(ObjectNode body, LogProbs how) {
    if (how == LogProbs.NONE) {
      return;
    }
    if (settings.api() == RemoteSettings.Api.COMPLETIONS) {
      body.put("logprobs", how == LogProbs.WITH_BEST ? 1 : 0);
      return;
    }
    body.put("logprobs", true);
    if (how == LogProbs.WITH_BEST) {
      body.put("top_logprobs", 1);
    }
  }

  /**
   * Temperature and top-p alone shape the samples. llama.cpp cuts to the top 40 and by min-p unless
   * told otherwise, llama-cpp-python punishes repetition too, and vLLM and SGLang take defaults
   * from the checkpoint's generation_config.json.
   */
  void switchOffSamplers(ObjectNode body) {
    body.put("top_k", ALL_TOKENS);
    body.put("min_p", 0);
    body.put("repetition_penalty", 1); // vLLM, SGLang
    body.put("repeat_penalty", 1); // llama.cpp
  }

  /** A seed in 31 bits, which every server takes; some read 32, some know -1 as "any". */
  static long portable(long seed) {
    return Seeds.mix(seed) >>> 33;
  }

  private int[] encoded(Prompt prompt) {
    if (encoder == null) {
      throw new IllegalStateException("plain completions need an encoder of prompts");
    }
    return encoder.apply(prompt);
  }
}
