package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.TensorScope;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveSamplerTest {
  private static final NumberCodec ENDS = new NumberCodec(Set.of(7, 13));
  private static final NumberCodec ENDLESS = new NumberCodec(Set.of());

  private static final int POSITIONS = 8192;

  private long before;
  private CausalLm model;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    model = TinyModels.random(TinyModels.positions(POSITIONS), 1);
  }

  @AfterEach
  void close_and_nothing_leaks() {
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private LiveSampler live(PromptCodec codec, int rows) {
    return new LiveSampler(
        codec,
        new AdapterStore(model, new PackedModel.Packing(true, 2), directory -> LoraAdapter.NONE),
        new GenerationSettings(2, rows));
  }

  private static LiveRequest request(
      int length, double temperature, int most, long seed, String... stop) {
    int[] prompt = new SplittableRandom(seed).ints(length, 0, 50).toArray();
    return new LiveRequest(
        prompt, AdapterRef.BASE, new SamplingParams(temperature, 1, most), seed, List.of(stop));
  }

  private Completion alone(PromptCodec codec, LiveRequest request) {
    try (TorchLanguageModel whole =
        new TorchLanguageModel(
            codec,
            new AdapterStore(
                model, new PackedModel.Packing(true, 2), directory -> LoraAdapter.NONE),
            new GenerationSettings(1, 1))) {
      String text = codec.decode(request.promptIds());
      return whole
          .sample(
              List.of(
                  new SamplingRequest(
                      new Prompt(List.of(Message.of(Message.Role.USER, text))),
                      request.adapter(),
                      request.params(),
                      List.of(request.seed()))))
          .get(0)
          .get(0);
    }
  }

  /** Each request is sent when one before it has said a few tokens, so rows join all the time. */
  @Test
  void a_row_that_joins_others_says_what_it_says_alone() throws InterruptedException {
    List<LiveRequest> requests = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      requests.add(request(1 + i * 5 % 17, i % 3 == 0 ? 1.0 : 0.6, 4 + i % 9, i));
    }
    List<CompletableFuture<Completion>> answers = new ArrayList<>();
    try (LiveSampler live = live(ENDS, 5)) {
      for (LiveRequest request : requests) {
        CountDownLatch spoke = new CountDownLatch(2);
        answers.add(live.submit(request, (id, logProb, text) -> spoke.countDown()));
        assertThat(spoke.await(20, TimeUnit.MILLISECONDS)).isIn(true, false);
      }
      for (int i = 0; i < requests.size(); i++) {
        Completion expected = alone(ENDS, requests.get(i));
        Completion found = answers.get(i).join();
        assertThat(found.ids()).isEqualTo(expected.ids());
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(found.finish()).isEqualTo(expected.finish());
        assertThat(found.logProbs()).containsExactly(expected.logProbs(), Offset.offset(1e-5f));
      }
      assertThat(live.load()).isZero();
    }
  }

  @Test
  void what_is_shown_bit_by_bit_is_the_whole_text() {
    StringBuilder shown = new StringBuilder();
    List<Integer> ids = new ArrayList<>();
    try (LiveSampler live = live(ENDLESS, 4)) {
      Completion whole =
          live.submit(
                  request(4, 1, 12, 5),
                  (id, logProb, text) -> {
                    ids.add(id);
                    shown.append(text);
                  })
              .join();
      assertThat(shown.toString()).isEqualTo(whole.text());
      assertThat(ids)
          .containsExactlyElementsOf(java.util.Arrays.stream(whole.ids()).boxed().toList());
    }
  }

  @Test
  void a_stop_text_ends_the_completion_and_is_never_shown() {
    LiveRequest free = request(4, 1, 12, 5);
    String[] said = alone(ENDLESS, free).text().split(" ");
    String stop = said[5] + " " + said[6];
    StringBuilder shown = new StringBuilder();
    try (LiveSampler live = live(ENDLESS, 4)) {
      Completion cut =
          live.submit(request(4, 1, 12, 5, stop), (id, logProb, text) -> shown.append(text)).join();
      String expected = String.join(" ", List.of(said).subList(0, 5)) + " ";
      assertThat(cut.text()).isEqualTo(expected);
      assertThat(shown.toString()).isEqualTo(expected);
      assertThat(cut.finish()).isEqualTo(FinishReason.STOP);
      assertThat(cut.ids()).hasSize(7);
    }
  }

  @Test
  void who_hangs_up_frees_the_row() throws InterruptedException {
    try (LiveSampler live = live(ENDLESS, 1)) {
      CountDownLatch spoke = new CountDownLatch(1);
      CompletableFuture<Completion> endless =
          live.submit(request(2, 1, 9_999, 1), (id, logProb, text) -> spoke.countDown());
      CompletableFuture<Completion> waiting = live.submit(request(3, 1, 2, 2), LiveListener.NONE);
      assertThat(spoke.await(10, TimeUnit.SECONDS)).isTrue();
      endless.cancel(true);
      assertThat(waiting.join().ids()).hasSize(2);
      assertThat(live.load()).isZero();
    }
  }

  @Test
  void what_goes_wrong_in_showing_one_row_leaves_the_others_alone() {
    try (LiveSampler live = live(ENDLESS, 2)) {
      CompletableFuture<Completion> broken =
          live.submit(
              request(2, 1, 9_999, 1),
              (id, logProb, text) -> {
                throw new OutOfMemoryError("planted");
              });
      CompletableFuture<Completion> other = live.submit(request(3, 1, 5, 2), LiveListener.NONE);
      assertThatThrownBy(broken::join).hasRootCauseMessage("planted");
      assertThat(other.join().ids()).hasSize(5);
      assertThat(live.load()).isZero();
    }
  }

  @Test
  void closing_tells_those_who_wait() {
    LiveSampler live = live(ENDLESS, 1);
    CompletableFuture<Completion> endless = live.submit(request(2, 1, 9_999, 1), LiveListener.NONE);
    CompletableFuture<Completion> waiting = live.submit(request(3, 1, 9_999, 2), LiveListener.NONE);
    live.close();
    for (CompletableFuture<Completion> one : List.of(endless, waiting)) {
      assertThatThrownBy(one::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ModelException.class);
    }
  }

  @Test
  void a_prompt_without_room_fails_at_once() {
    try (LiveSampler live = live(ENDLESS, 1)) {
      int whole = POSITIONS;
      assertThat(live.submit(request(whole, 1, 4, 1), LiveListener.NONE).join().finish())
          .isEqualTo(FinishReason.FAILED);
    }
  }
}
