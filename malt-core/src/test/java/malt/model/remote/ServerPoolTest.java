package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.remote.ScriptedApi.Dialect;
import org.junit.jupiter.api.Test;

/** Several servers of one base under one model. */
class ServerPoolTest {
  /** Recorded from vLLM 0.16, which says 500 within an answer of 200. */
  private static final FakeServer.Says DEAD =
      FakeServer.says(
          200,
          """
          {"error":{"message":"EngineCore encountered an issue. See stack trace (above) for the \
          root cause.","type":"InternalServerError","param":null,"code":500}}""");

  private static RemoteLanguageModel open(String... urls) {
    return RemoteLanguageModel.open(
        new RemoteSettings(
            List.of(urls),
            RemoteSettings.Api.CHAT,
            "base",
            Map.of(),
            true,
            "",
            List.of(),
            1,
            4,
            5,
            5),
        null,
        name -> null);
  }

  private static List<Completion> sample(RemoteLanguageModel model, int seeds) {
    return model
        .sample(
            List.of(
                new SamplingRequest(
                    Prompt.of("2 + 3 ?"),
                    AdapterRef.BASE,
                    new SamplingParams(1, 1, 24),
                    LongStream.range(0, seeds).boxed().toList())))
        .get(0);
  }

  /** What one of them holds up is not added to. */
  @Test
  void a_request_goes_where_the_fewest_are_under_way() {
    ScriptedApi api = ScriptedApi.of(Dialect.VLLM);
    AtomicBoolean sampling = new AtomicBoolean();
    CountDownLatch answered = new CountDownLatch(50);
    FakeServer.Answers quick =
        request -> {
          if (sampling.get()) {
            answered.countDown();
          }
          return api.to(request);
        };
    FakeServer.Answers hanging =
        request -> {
          try {
            if (sampling.get() && !answered.await(4, TimeUnit.SECONDS)) {
              throw new IllegalStateException("the other server got too little");
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return api.to(request);
        };
    try (FakeServer one = new FakeServer(quick);
        FakeServer other = new FakeServer(hanging);
        RemoteLanguageModel model = open(one.url(), other.url())) {
      int before = other.requests().size();
      sampling.set(true);
      assertThat(sample(model, 60)).hasSize(60);
      assertThat(other.requests().size() - before).isBetween(1, 10);
      assertThat(other.mostUnderWay()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void what_is_sampled_does_not_depend_on_how_many_servers_there_are() {
    try (FakeServer one = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        FakeServer other = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel alone = open(one.url());
        RemoteLanguageModel both = open(one.url(), other.url())) {
      assertThat(sample(both, 20)).isEqualTo(sample(alone, 20));
    }
  }

  @Test
  void a_server_that_dies_is_left_out_and_taken_back_when_it_answers_again() throws Exception {
    ScriptedApi api = ScriptedApi.of(Dialect.VLLM);
    AtomicBoolean dead = new AtomicBoolean();
    try (FakeServer sound = new FakeServer(api);
        FakeServer sick =
            new FakeServer(
                request -> dead.get() && request.method().equals("POST") ? DEAD : api.to(request));
        RemoteLanguageModel model = open(sick.url(), sound.url())) {
      dead.set(true);
      assertThat(sample(model, 20)).extracting(Completion::finish).containsOnly(FinishReason.STOP);
      int asked = sick.requests().size();
      sample(model, 20);
      assertThat(sick.requests()).hasSize(asked);
      Thread.sleep(1100); // as long as it is left alone
      sample(model, 20); // it is asked, and is dead still
      assertThat(sick.requests().size()).isGreaterThan(asked);
      dead.set(false);
      Thread.sleep(2100);
      sample(model, 1); // it is asked, and taken back
      int before = sick.requests().size();
      sample(model, 20);
      assertThat(sick.requests().size() - before).isGreaterThan(5);
    }
  }

  @Test
  void the_work_goes_on_while_one_server_is_gone() {
    FakeServer gone = new FakeServer(ScriptedApi.of(Dialect.VLLM));
    try (FakeServer sound = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = open(gone.url(), sound.url())) {
      gone.close();
      assertThat(sample(model, 20)).extracting(Completion::finish).containsOnly(FinishReason.STOP);
    }
  }

  @Test
  void a_server_that_is_not_there_yet_does_not_keep_the_others_waiting() {
    FakeServer later = new FakeServer(ScriptedApi.of(Dialect.VLLM));
    later.close();
    try (FakeServer sound = new FakeServer(ScriptedApi.of(Dialect.VLLM));
        RemoteLanguageModel model = open(later.url(), sound.url())) {
      assertThat(sample(model, 4)).hasSize(4);
    }
  }

  @Test
  void the_last_server_that_dies_stops_the_work_at_once() {
    ScriptedApi api = ScriptedApi.of(Dialect.VLLM);
    AtomicBoolean dead = new AtomicBoolean();
    FakeServer.Answers answers =
        request -> dead.get() && request.method().equals("POST") ? DEAD : api.to(request);
    try (FakeServer one = new FakeServer(answers);
        FakeServer other = new FakeServer(answers);
        RemoteLanguageModel model = open(one.url(), other.url())) {
      dead.set(true);
      assertThatThrownBy(() -> sample(model, 4))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("its engine has died");
    }
  }

  @Test
  void servers_of_different_bases_are_refused() {
    FakeServer.Answers other =
        request -> {
          FakeServer.Response answer = ScriptedApi.of(Dialect.MALT).to(request);
          if (request.method().equals("POST")) {
            return answer;
          }
          FakeServer.Says said = (FakeServer.Says) answer;
          return FakeServer.says(200, said.body().replace("\"base\": \"b\"", "\"base\": \"c\""));
        };
    try (FakeServer one = new FakeServer(ScriptedApi.of(Dialect.MALT));
        FakeServer two = new FakeServer(other)) {
      assertThatThrownBy(() -> open(one.url(), two.url()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(two.url() + " serves another base than " + one.url());
    }
  }
}
