package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import malt.ConfigException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.remote.ScriptedApi.Dialect;
import malt.model.remote.ServerTraits.LogProbs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteLanguageModelTest {
  private static final AdapterRef TUNED =
      new AdapterRef("joint/verifier/dpo", Path.of("adapters/verifier/dpo"));

  private static SamplingRequest request(AdapterRef adapter, int seeds) {
    return new SamplingRequest(
        new Prompt(
            List.of(
                Message.of(Message.Role.SYSTEM, "Be brief."),
                Message.of(Message.Role.USER, "2 + 3 ?"))),
        adapter,
        new SamplingParams(0.7, 0.9, 24),
        LongStream.range(0, seeds).boxed().toList());
  }

  private static List<JsonNode> sampled(FakeServer server, RemoteLanguageModel model, int seeds) {
    int before = server.requests().size();
    model.sample(List.of(request(AdapterRef.BASE, seeds)));
    return server.requests().stream().skip(before).map(FakeServer.Request::body).toList();
  }

  @Test
  void a_request_says_all_that_was_asked_for() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 8)) {
      JsonNode body = sampled(server, model, 3).get(0);
      assertThat(body.path("model").asText()).isEqualTo("base");
      assertThat(body.at("/messages/0/role").asText()).isEqualTo("system");
      assertThat(body.at("/messages/1/content").asText()).isEqualTo("2 + 3 ?");
      assertThat(body.path("temperature").asDouble()).isEqualTo(0.7);
      assertThat(body.path("top_p").asDouble()).isEqualTo(0.9);
      assertThat(body.path("max_tokens").asInt()).isEqualTo(24);
      assertThat(body.path("n").asInt()).isEqualTo(3);
      assertThat(body.path("seed").asLong()).isBetween(0L, Integer.MAX_VALUE - 0L);
      assertThat(body.path("logprobs").asBoolean()).isTrue();
      assertThat(body.path("return_token_ids").asBoolean()).isTrue();
      assertThat(body.has("stop")).isFalse();
    }
  }

  @Test
  void the_listener_hears_of_every_answer_that_comes() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 8)) {
      AtomicInteger completions = new AtomicInteger();
      AtomicLong tokens = new AtomicLong();
      List<List<Completion>> answers =
          model.sample(
              List.of(request(AdapterRef.BASE, 3), request(AdapterRef.BASE, 2)),
              (more, length) -> {
                completions.addAndGet(more);
                tokens.addAndGet(length);
              });
      assertThat(completions).hasValue(5);
      assertThat(tokens)
          .hasValue(
              answers.stream().flatMap(List::stream).mapToLong(each -> each.ids().length).sum())
          .doesNotHaveValue(0);
    }
  }

  @Test
  void samples_come_many_at_once_where_the_server_takes_n() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(sampled(server, model, 10))
          .extracting(body -> body.path("n").asInt(1))
          .containsExactlyInAnyOrder(4, 4, 2);
    }
  }

  @Test
  void samples_fan_out_where_the_server_passes_over_n_or_miscounts() {
    for (Dialect dialect : List.of(Dialect.LLAMA_CPP, Dialect.LLAMA_CPP_PYTHON, Dialect.OLLAMA)) {
      try (FakeServer server = new FakeServer(ScriptedApi.of(dialect));
          RemoteLanguageModel model = Remotes.open(server, 4)) {
        assertThat(model.traits().samples()).isEqualTo(1);
        List<JsonNode> bodies = sampled(server, model, 10);
        assertThat(bodies).hasSize(10).noneMatch(body -> body.has("n"));
        assertThat(bodies).extracting(body -> body.path("seed").asLong()).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void what_a_server_can_do_is_found_out_once() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.OPENAI));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(model.traits())
          .isEqualTo(
              new ServerTraits(4, true, false, false, LogProbs.WITH_BEST, false, null, null));
      assertThat(sampled(server, model, 4)).hasSize(1).noneMatch(b -> b.has("return_token_ids"));
      assertThat(sampled(server, model, 4)).hasSize(1);
    }
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.MALT));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(model.traits())
          .isEqualTo(new ServerTraits(4, true, true, true, LogProbs.ALONE, false, "b", null));
    }
  }

  /** Its one token is a thought, of which the text shows nothing. */
  @Test
  void what_a_server_of_a_reasoning_model_can_do_is_found_out_too() {
    String thought =
        """
        {"choices": [{"index": 0, "message": {"content": null, "reasoning_content": "Hm"},
          "finish_reason": "length", "token_ids": [5],
          "logprobs": {"content": [{"logprob": -0.5}]}}], "prompt_token_ids": [1, 2]}""";
    try (FakeServer server = new FakeServer(request -> FakeServer.says(200, thought));
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      assertThat(model.traits().tokenIds()).isTrue();
      assertThat(model.traits().logProbs()).isEqualTo(LogProbs.WITH_BEST);
    }
  }

  @Test
  void samplers_that_nobody_asked_for_are_switched_off_where_the_server_has_keys_for_them() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      JsonNode body = sampled(server, model, 1).get(0);
      assertThat(body.path("top_k").asInt()).isGreaterThan(1_000_000);
      assertThat(body.path("min_p").asInt(-1)).isZero();
      assertThat(body.path("repetition_penalty").asInt()).isEqualTo(1);
      assertThat(body.path("repeat_penalty").asInt()).isEqualTo(1);
    }
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.OPENAI));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(sampled(server, model, 1).get(0).has("top_k")).isFalse();
    }
  }

  @Test
  void a_server_that_falls_over_what_it_cannot_do_is_not_waited_for() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.LLAMA_CPP_PYTHON));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(model.traits().logProbs()).isEqualTo(LogProbs.NONE);
      assertThat(sampled(server, model, 2)).noneMatch(body -> body.has("logprobs"));
      assertThat(server.requests())
          .filteredOn(request -> request.body().path("logprobs").asBoolean())
          .hasSize(6); // three times each way
    }
  }

  @Test
  void log_probabilities_without_ids_are_not_asked_for_where_the_text_is_encoded_here() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.OPENAI))) {
      RemoteSettings chat = Remotes.settings(server.url(), 4);
      try (RemoteLanguageModel model =
          RemoteLanguageModel.open(chat, prompt -> new int[] {7}, name -> null)) {
        assertThat(sampled(server, model, 1)).noneMatch(body -> body.has("logprobs"));
      }
    }
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.LLAMA_CPP))) {
      RemoteSettings chat = Remotes.settings(server.url(), 4);
      try (RemoteLanguageModel model =
          RemoteLanguageModel.open(chat, prompt -> new int[] {7}, name -> null)) {
        assertThat(sampled(server, model, 1)).allMatch(body -> body.has("logprobs"));
      }
    }
  }

  /** Recorded from llama-cpp-python 0.3.36, which says 500 where 422 is meant. */
  @Test
  void a_server_that_takes_no_ids_as_a_prompt_is_refused_with_a_way_out() {
    try (FakeServer server =
        new FakeServer(
            request ->
                request.path().endsWith("/models")
                    ? FakeServer.says(200, "{\"data\": []}")
                    : FakeServer.says(
                        500,
                        """
                        {"error":{"message":"2 validation errors:\\n  {'type': 'string_type', \
                        'loc': ('body', 'prompt', 'str'), 'msg': 'Input should be a valid string', \
                        'input': [7]}"}}"""))) {
      RemoteSettings chat = Remotes.settings(server.url(), 1);
      RemoteSettings plain =
          new RemoteSettings(
              chat.urls(),
              RemoteSettings.Api.COMPLETIONS,
              "base",
              Map.of(),
              true,
              "",
              List.of(),
              1,
              1,
              1,
              1);
      assertThatThrownBy(
              () -> RemoteLanguageModel.open(plain, prompt -> new int[] {7}, name -> null))
          .hasMessageContaining("valid string")
          .hasMessageContaining("remote.server.api: chat");
    }
  }

  @Test
  void our_own_server_is_told_every_seed() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.MALT));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      JsonNode body = sampled(server, model, 3).get(0);
      assertThat(body.path("seeds").toString()).isEqualTo("[0,1,2]");
      assertThat(body.has("seed")).isFalse();
    }
  }

  /** Each key alone, in the words of a server that forbids what it does not know. */
  @ParameterizedTest
  @ValueSource(strings = {"seed", "logprobs", "top_k", "return_token_ids", "n"})
  void a_key_that_is_refused_is_left_out_from_then_on(String key) {
    ScriptedApi able = ScriptedApi.of(Dialect.VLLM);
    for (int status : new int[] {400, 403, 422, 500, 501}) {
      try (FakeServer server =
              new FakeServer(
                  request ->
                      request.body().has(key)
                          ? FakeServer.says(
                              status,
                              "{\"detail\": [{\"msg\": \"Extra inputs: %s\"}]}".formatted(key))
                          : able.to(request));
          RemoteLanguageModel model = Remotes.open(server, 4)) {
        List<JsonNode> bodies = sampled(server, model, 4);
        assertThat(bodies).isNotEmpty().noneMatch(body -> body.has(key));
        assertThat(bodies).allMatch(body -> body.path("max_tokens").asInt() == 24);
      }
    }
  }

  @Test
  void a_server_that_takes_fewer_samples_than_wanted_is_asked_for_as_many_as_it_takes() {
    ScriptedApi able = ScriptedApi.of(Dialect.VLLM);
    try (FakeServer server =
            new FakeServer(
                request ->
                    request.body().path("n").asInt() > 4
                        ? FakeServer.says(400, "{\"message\": \"n must be at most 4\"}")
                        : able.to(request));
        RemoteLanguageModel model = Remotes.open(server, 16)) {
      assertThat(model.traits().samples()).isEqualTo(4);
      assertThat(sampled(server, model, 8)).hasSize(2);
    }
  }

  /** Whatever is answered in place of a list, the next request tells whether it can be used. */
  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 410, 500, 501, 200})
  void a_server_that_lists_no_models_is_used_all_the_same(int status) {
    ScriptedApi able = ScriptedApi.of(Dialect.VLLM);
    try (FakeServer server =
            new FakeServer(
                request ->
                    request.method().equals("GET")
                        ? FakeServer.says(status, "Method Not Allowed")
                        : able.to(request));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      assertThat(model.sample(List.of(request(AdapterRef.BASE, 1))).get(0)).hasSize(1);
    }
  }

  @Test
  void seeds_can_be_left_out() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.MALT))) {
      RemoteSettings seeded = Remotes.settings(server.url(), 4);
      RemoteSettings unseeded =
          new RemoteSettings(
              seeded.urls(),
              seeded.api(),
              seeded.model(),
              seeded.adapters(),
              false,
              "",
              List.of(),
              4,
              1,
              1,
              1);
      try (RemoteLanguageModel model = RemoteLanguageModel.open(unseeded, null, name -> null)) {
        model.sample(List.of(request(AdapterRef.BASE, 4)));
        assertThat(server.requests())
            .isNotEmpty()
            .noneMatch(asked -> asked.body().has("seed") || asked.body().has("seeds"));
      }
    }
  }

  @Test
  void an_adapter_is_a_model_of_its_own_name() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = Remotes.open(server, 4)) {
      Completion completion = model.sample(List.of(request(TUNED, 1))).get(0).get(0);
      assertThat(completion.adapter()).isEqualTo(TUNED);
      List<FakeServer.Request> all = server.requests();
      assertThat(all.get(all.size() - 1).body().path("model").asText()).isEqualTo("tuned");
    }
  }

  /** The first are answered when as many are there as may be. */
  @Test
  void as_many_requests_are_in_flight_as_allowed_and_no_more() {
    FakeServer.Answers answers = ScriptedApi.of(Dialect.VLLM);
    AtomicBoolean sampling = new AtomicBoolean();
    CountDownLatch allowed = new CountDownLatch(4);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    FakeServer.Answers together =
        asked -> {
          if (!sampling.get()) {
            return answers.to(asked);
          }
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          allowed.countDown();
          try {
            return allowed.await(10, TimeUnit.SECONDS)
                ? answers.to(asked)
                : FakeServer.says(400, "the others did not come");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new FakeServer.StaysSilent();
          } finally {
            underWay.decrementAndGet();
          }
        };
    try (FakeServer server = new FakeServer(together);
        RemoteLanguageModel model = Remotes.open(server, 1)) {
      sampling.set(true);
      assertThat(model.sample(List.of(request(AdapterRef.BASE, 40))).get(0)).hasSize(40);
      assertThat(most).hasValue(4);
    }
  }

  @Test
  void the_key_comes_from_the_environment_and_is_sent_to_the_server_alone() {
    try (FakeServer server = new FakeServer(ScriptedApi.of(Dialect.VLLM))) {
      RemoteSettings keyed =
          new RemoteSettings(
              List.of(server.url()),
              RemoteSettings.Api.CHAT,
              "base",
              Map.of(),
              true,
              "SOME_KEY",
              List.of("\n\n"),
              1,
              1,
              1,
              1);
      try (RemoteLanguageModel model =
          RemoteLanguageModel.open(keyed, null, Map.of("SOME_KEY", "s3cret")::get)) {
        model.sample(List.of(request(AdapterRef.BASE, 1)));
        assertThat(server.requests()).allMatch(r -> r.key().equals("Bearer s3cret"));
        assertThat(keyed.toString()).doesNotContain("s3cret");
        List<FakeServer.Request> all = server.requests();
        assertThat(all.get(all.size() - 1).body().path("stop").toString())
            .isEqualTo("[\"\\n\\n\"]");
      }
      assertThatThrownBy(() -> RemoteLanguageModel.open(keyed, null, name -> null))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("SOME_KEY");
    }
  }

  @Test
  void plain_completions_send_the_ids_that_the_encoder_here_makes() {
    try (FakeServer server =
        new FakeServer(
            request ->
                FakeServer.says(
                    200,
                    request.path().endsWith("/models")
                        ? "{\"data\": []}"
                        : """
                        {"choices": [{"index": 0, "text": "5", "finish_reason": "stop",
                          "prompt_token_ids": [7, 8], "token_ids": [5, 2],
                          "logprobs": {"token_logprobs": [-0.5, -0.25], "tokens": ["5", ""]}}]}"""))) {
      RemoteSettings settings =
          new RemoteSettings(
              List.of(server.url()),
              RemoteSettings.Api.COMPLETIONS,
              "base",
              Map.of(),
              true,
              "",
              List.of(),
              1,
              1,
              1,
              1);
      try (RemoteLanguageModel model =
          RemoteLanguageModel.open(settings, prompt -> new int[] {7, 8}, name -> null)) {
        Completion completion = model.sample(List.of(request(AdapterRef.BASE, 1))).get(0).get(0);
        List<FakeServer.Request> all = server.requests();
        assertThat(all.get(all.size() - 1).path()).isEqualTo("/v1/completions");
        assertThat(all.get(all.size() - 1).body().path("prompt").toString()).isEqualTo("[7,8]");
        assertThat(completion.promptIds()).containsExactly(7, 8);
        assertThat(completion.ids()).containsExactly(5, 2);
        assertThat(completion.logProbs()).containsExactly(-0.5f, -0.25f);
        model.requireSameEncoding(prompt -> new int[] {7, 8});
        assertThatThrownBy(() -> model.requireSameEncoding(prompt -> new int[] {7, 9}))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining("encodes a prompt otherwise");
      }
      assertThatThrownBy(() -> RemoteLanguageModel.open(settings, null, name -> null))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("model.path");
    }
  }
}
