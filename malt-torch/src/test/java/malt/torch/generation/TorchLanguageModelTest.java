package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.decoding.Way;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.Devices;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchLanguageModelTest {
  private static final SamplingParams SAMPLED = new SamplingParams(0.8, 1, 20);
  private static final SamplingParams GREEDY = new SamplingParams(0, 1, 20);
  private static final AdapterRef FIRST = new AdapterRef("first", Path.of("adapters/1"));
  private static final AdapterRef SECOND = new AdapterRef("second", Path.of("adapters/2"));
  private static final NumberCodec ENDS = new NumberCodec(Set.of(7, 13, 29));
  private static final NumberCodec ENDLESS = new NumberCodec(Set.of());

  private long before;
  private CausalLm model;
  private final List<String> read = new ArrayList<>();

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    model = TinyModels.random(1);
  }

  @AfterEach
  void close_and_nothing_leaks() {
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private TorchLanguageModel sampler(PromptCodec codec, int threads, int rows) {
    return new TorchLanguageModel(
        codec,
        new AdapterStore(
            model,
            new PackedModel.Packing(true, 2),
            directory -> {
              String name = directory.getFileName().toString();
              read.add(name);
              return adapter(Long.parseLong(name));
            }),
        new GenerationSettings(threads, rows));
  }

  private List<List<Completion>> sample(
      PromptCodec codec, int threads, int rows, List<SamplingRequest> requests) {
    try (TorchLanguageModel sampler = sampler(codec, threads, rows)) {
      return sampler.sample(requests);
    }
  }

  @Test
  void the_listener_hears_of_every_completion_before_the_answer_is_there() {
    AtomicInteger completions = new AtomicInteger();
    AtomicLong tokens = new AtomicLong();
    try (TorchLanguageModel sampler = sampler(ENDS, 2, 4)) {
      List<List<Completion>> answers =
          sampler.sample(
              mixed(20),
              (more, length) -> {
                completions.addAndGet(more);
                tokens.addAndGet(length);
              });
      assertThat(completions).hasValue(answers.stream().mapToInt(List::size).sum());
      assertThat(tokens)
          .hasValue(
              answers.stream().flatMap(List::stream).mapToLong(each -> each.ids().length).sum());
    }
  }

  private static int largest(float[] row) {
    int best = 0;
    for (int id = 0; id < row.length; id++) {
      best = row[id] > row[best] ? id : best;
    }
    return best;
  }

  private static LoraAdapter adapter(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, LoraAdapter.Pair> pairs = new LinkedHashMap<>();
    for (int layer = 0; layer < 2; layer++) {
      String path = "model.layers." + layer + ".";
      pairs.put(path + "self_attn.q_proj", pair(random, 16, 16));
      pairs.put(path + "self_attn.v_proj", pair(random, 16, 8));
      pairs.put(path + "mlp.up_proj", pair(random, 16, 40));
    }
    return new LoraAdapter(pairs, 0.7);
  }

  private static LoraAdapter.Pair pair(SplittableRandom random, int in, int out) {
    return new LoraAdapter.Pair(matrix(random, 3, in), matrix(random, out, 3));
  }

  private static Tensor matrix(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 0.5);
    }
    return Tensors.kept(() -> Tensors.MAIN.ofFloats(values, rows, columns));
  }

  private static SamplingRequest request(
      String prompt, AdapterRef adapter, SamplingParams params, Long... seeds) {
    return new SamplingRequest(
        new Prompt(List.of(Message.of(Message.Role.USER, prompt))),
        adapter,
        params,
        List.of(seeds));
  }

  /** Requests of 1 to 4 seeds, prompts of 1 to 12 tokens, and three adapters. */
  private static List<SamplingRequest> mixed(int count) {
    SplittableRandom random = new SplittableRandom(5);
    List<SamplingRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder prompt = new StringBuilder("1");
      for (int t = random.nextInt(12); t > 0; t--) {
        prompt.append(' ').append(random.nextInt(50));
      }
      Long[] seeds =
          LongStream.range(0, random.nextInt(1, 5))
              .map(s -> random.nextLong())
              .boxed()
              .toArray(Long[]::new);
      AdapterRef adapter = List.of(AdapterRef.BASE, FIRST, SECOND).get(random.nextInt(3));
      requests.add(request(prompt.toString(), adapter, SAMPLED, seeds));
    }
    return requests;
  }

  /** log-softmax of each position's logits in one forward of the whole sequence, (T, V). */
  private float[][] logProbs(int[] ids, LoraAdapter adapter) {
    try (GradMode grad = GradMode.off();
        TensorScope scope = new TensorScope()) {
      Tensor tokens = Tensors.MAIN.ofIds(ids).unsqueeze(0);
      Tensor logits = model.logits(model.forward(tokens, adapter));
      float[] flat = Tensors.floats(torch.log_softmax(logits, -1));
      return IntStream.range(0, ids.length)
          .mapToObj(t -> Arrays.copyOfRange(flat, t * 50, (t + 1) * 50))
          .toArray(float[][]::new);
    }
  }

  private static int[] joined(int[] prompt, int[] ids) {
    return IntStream.concat(Arrays.stream(prompt), Arrays.stream(ids)).toArray();
  }

  @Test
  void greedy_sampling_equals_the_argmax_of_full_forwards() {
    Completion completion =
        sample(ENDS, 1, 8, List.of(request("3 1 4 1 5", AdapterRef.BASE, GREEDY, 9L)))
            .get(0)
            .get(0);
    int[] sequence = completion.promptIds();
    assertThat(sequence).containsExactly(3, 1, 4, 1, 5);
    for (int id : completion.ids()) {
      float[] row = logProbs(sequence, LoraAdapter.NONE)[sequence.length - 1];
      assertThat(id).isEqualTo(largest(row));
      sequence = joined(sequence, new int[] {id});
    }
  }

  @Test
  void log_probs_are_those_of_a_full_forward_at_temperature_1_without_truncation() {
    SamplingParams sharp = new SamplingParams(0.6, 0.8, 20);
    List<SamplingRequest> requests =
        List.of(
            request("3 1 4 1 5 9 2", AdapterRef.BASE, sharp, 1L, 2L),
            request("8", FIRST, sharp, 3L, 4L),
            request("2 7 1 8", FIRST, sharp, 5L));
    try (LoraAdapter first = adapter(1)) {
      for (List<Completion> completions : sample(ENDS, 1, 8, requests)) {
        for (Completion completion : completions) {
          LoraAdapter adapter = completion.adapter().isBase() ? LoraAdapter.NONE : first;
          int prompt = completion.promptIds().length;
          float[][] rows = logProbs(joined(completion.promptIds(), completion.ids()), adapter);
          for (int t = 0; t < completion.ids().length; t++) {
            assertThat(completion.logProbs()[t])
                .isCloseTo(
                    rows[prompt + t - 1][completion.ids()[t]],
                    org.assertj.core.api.Assertions.within(1e-5f));
          }
        }
      }
    }
  }

  @Test
  void the_same_call_gives_the_same_bits_and_other_threads_change_nothing_but_rounding() {
    List<SamplingRequest> requests = mixed(30);
    List<List<Completion>> one = sample(ENDS, 1, 8, requests);
    assertThat(sample(ENDS, 1, 8, requests)).isEqualTo(one);
    for (int threads = 2; threads <= 3; threads++) {
      List<List<Completion>> other = sample(ENDS, threads, 8, requests);
      assertThat(sample(ENDS, threads, 8, requests)).isEqualTo(other);
      for (int i = 0; i < one.size(); i++) {
        for (int j = 0; j < one.get(i).size(); j++) {
          assertThat(other.get(i).get(j).ids()).isEqualTo(one.get(i).get(j).ids());
          assertThat(other.get(i).get(j).logProbs())
              .containsExactly(
                  one.get(i).get(j).logProbs(), org.assertj.core.data.Offset.offset(1e-5f));
        }
      }
    }
  }

  @Test
  void a_completion_is_the_same_in_any_company() {
    List<SamplingRequest> requests = mixed(30);
    List<List<Completion>> together = sample(ENDS, 1, 64, requests);
    for (int i = 0; i < requests.size(); i++) {
      SamplingRequest request = requests.get(i);
      assertThat(together.get(i)).hasSameSizeAs(request.seeds());
      List<Completion> alone = sample(ENDS, 1, 1, List.of(request)).get(0);
      for (int j = 0; j < alone.size(); j++) {
        Completion completion = together.get(i).get(j);
        assertThat(completion.ids()).isEqualTo(alone.get(j).ids());
        assertThat(completion.logProbs())
            .containsExactly(alone.get(j).logProbs(), org.assertj.core.data.Offset.offset(1e-5f));
        assertThat(completion.seed()).isEqualTo(request.seeds().get(j));
        assertThat(completion.adapter()).isEqualTo(request.adapter());
        assertThat(completion.finish()).isEqualTo(alone.get(j).finish());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("malt.torch.decoding.Way#each")
  void every_way_draws_the_same_tokens_and_log_probabilities_differ_by_rounding(Way way) {
    List<SamplingRequest> requests = mixed(30);
    SamplingParams nucleus = new SamplingParams(0.9, 0.8, 20);
    requests.add(request("3 1 4", FIRST, nucleus, 1L, 2L, 3L));
    requests.add(request("3 1", AdapterRef.BASE, GREEDY, 1L));
    List<List<Completion>> expected = sample(ENDS, 1, 8, requests);
    Function<Path, LoraAdapter> reader =
        directory ->
            Devices.placed(
                way.device(), adapter(Long.parseLong(directory.getFileName().toString())));
    List<List<Completion>> found;
    try (CausalLm there = Devices.placed(way.assumed().device(), TinyModels.random(1));
        TorchLanguageModel sampler =
            new TorchLanguageModel(
                ENDS,
                new AdapterStore(there, way.packing(), reader),
                new GenerationSettings(1, 8))) {
      found = sampler.sample(requests);
      assertThat(sampler.sample(requests)).isEqualTo(found);
    }
    for (int i = 0; i < requests.size(); i++) {
      for (int j = 0; j < expected.get(i).size(); j++) {
        assertThat(found.get(i).get(j).ids()).isEqualTo(expected.get(i).get(j).ids());
        assertThat(found.get(i).get(j).logProbs())
            .containsExactly(
                expected.get(i).get(j).logProbs(), org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void adapters_differ_within_one_call_and_each_is_read_once() {
    try (TorchLanguageModel sampler = sampler(ENDLESS, 2, 8)) {
      List<SamplingRequest> requests =
          List.of(
              request("5 6", FIRST, GREEDY, 1L),
              request("5 6", SECOND, GREEDY, 1L),
              request("5 6", AdapterRef.BASE, GREEDY, 1L),
              request("5 6", FIRST, GREEDY, 2L));
      List<List<Completion>> answers = sampler.sample(requests);
      assertThat(sampler.sample(requests)).isEqualTo(answers);
      assertThat(answers.get(0).get(0).ids()).isEqualTo(answers.get(3).get(0).ids());
      assertThat(answers.stream().map(a -> a.get(0).text()).distinct()).hasSize(3);
      assertThat(read).containsExactlyInAnyOrder("1", "2");
    }
  }

  @Test
  void a_completion_ends_at_an_end_id_that_its_text_leaves_out() {
    List<Completion> completions =
        sample(ENDS, 1, 64, mixed(30)).stream().flatMap(List::stream).toList();
    assertThat(completions).extracting(Completion::finish).contains(FinishReason.STOP);
    for (Completion completion : completions) {
      int[] ids = completion.ids();
      int ending = Arrays.stream(ids).filter(ENDS::isEnd).toArray().length;
      if (completion.finish() == FinishReason.STOP) {
        assertThat(ENDS.isEnd(ids[ids.length - 1])).isTrue();
        assertThat(ending).isEqualTo(1);
        assertThat(completion.text()).isEqualTo(ENDS.decode(Arrays.copyOf(ids, ids.length - 1)));
      } else {
        assertThat(completion.finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(ending).isZero();
        assertThat(ids).hasSize(20);
        assertThat(completion.text()).isEqualTo(ENDS.decode(ids));
      }
    }
  }

  @Test
  void a_stop_text_of_the_codec_ends_a_completion_as_it_would_have_gone_on() {
    SamplingRequest request = request("1 2 3", AdapterRef.BASE, SAMPLED, 5L);
    Completion whole = sample(ENDLESS, 1, 4, List.of(request)).get(0).get(0);
    String stop = " %d %d".formatted(whole.ids()[5], whole.ids()[6]);
    int at = whole.text().indexOf(stop);
    Completion ended =
        sample(new NumberCodec(Set.of(), List.of(stop)), 1, 4, List.of(request)).get(0).get(0);
    assertThat(ended.text()).isEqualTo(whole.text().substring(0, at));
    assertThat(ended.finish()).isEqualTo(FinishReason.STOP);
    assertThat(whole.ids()).startsWith(ended.ids());
    assertThat(ENDLESS.decode(ended.ids())).endsWith(stop.strip());
  }

  @Test
  void positions_cut_long_completions_and_only_those() {
    String long120 = "1" + " 2".repeat(119); // the model has 128 positions
    SamplingParams params = new SamplingParams(1, 1, 20);
    List<List<Completion>> answers =
        sample(
            ENDLESS,
            1,
            64,
            List.of(
                request(long120, AdapterRef.BASE, params, 1L),
                request("4 4", AdapterRef.BASE, params, 2L, 3L)));
    assertThat(answers.get(0).get(0).ids()).hasSize(8);
    assertThat(answers.get(0).get(0).finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(answers.get(1)).allMatch(completion -> completion.ids().length == 20);
    assertThat(answers.get(1))
        .isEqualTo(
            sample(ENDLESS, 1, 64, List.of(request("4 4", AdapterRef.BASE, params, 2L, 3L)))
                .get(0)
                .stream()
                .map(alone -> withLogProbsOf(alone, answers.get(1)))
                .toList());
  }

  private static Completion withLogProbsOf(Completion completion, List<Completion> others) {
    Completion other =
        others.stream().filter(o -> o.seed() == completion.seed()).findFirst().orElseThrow();
    return new Completion(
        completion.text(),
        completion.promptIds(),
        completion.ids(),
        other.logProbs(),
        completion.finish(),
        completion.adapter(),
        completion.seed());
  }

  @Test
  void a_prompt_without_room_fails_alone() {
    String long128 = "1" + " 2".repeat(127);
    SamplingRequest sound = request("4 4", AdapterRef.BASE, SAMPLED, 2L, 3L);
    List<List<Completion>> answers =
        sample(ENDS, 1, 64, List.of(request(long128, AdapterRef.BASE, SAMPLED, 8L, 9L), sound));
    assertThat(answers.get(0)).hasSize(2);
    for (Completion failed : answers.get(0)) {
      assertThat(failed.finish()).isEqualTo(FinishReason.FAILED);
      assertThat(failed.ids()).isEmpty();
      assertThat(failed.logProbs()).isEmpty();
      assertThat(failed.text()).isEmpty();
      assertThat(failed.promptIds()).hasSize(128);
    }
    assertThat(answers.get(1)).isEqualTo(sample(ENDS, 1, 64, List.of(sound)).get(0));
  }

  @Test
  void a_completion_may_outgrow_the_first_cache() {
    try (CausalLm large = TinyModels.random(TinyModels.positions(400), 1)) {
      TorchLanguageModel sampler =
          new TorchLanguageModel(
              ENDLESS,
              new AdapterStore(
                  large, new PackedModel.Packing(true, 2), directory -> LoraAdapter.NONE),
              new GenerationSettings(1, 8));
      SamplingParams params = new SamplingParams(1, 1, 300);
      List<Completion> completions =
          sampler.sample(List.of(request("1 2 3", AdapterRef.BASE, params, 1L, 2L))).get(0);
      assertThat(completions).allMatch(completion -> completion.ids().length == 300);
      sampler.close();
    }
  }

  @Test
  void sampled_first_tokens_follow_the_softmax() {
    SamplingParams params = new SamplingParams(1, 1, 1);
    int n = 4000;
    Long[] seeds = LongStream.range(0, n).boxed().toArray(Long[]::new);
    List<Completion> completions =
        sample(ENDLESS, 1, 500, List.of(request("3 1 4", AdapterRef.BASE, params, seeds))).get(0);
    int[] counts = new int[50];
    completions.forEach(completion -> counts[completion.ids()[0]]++);
    float[] expected = logProbs(new int[] {3, 1, 4}, LoraAdapter.NONE)[2];
    double chiSquare = 0;
    for (int id = 0; id < 50; id++) {
      double mean = n * Math.exp(expected[id]);
      chiSquare += (counts[id] - mean) * (counts[id] - mean) / mean;
    }
    assertThat(chiSquare).isLessThan(85.35); // 99.9 % point of 49 degrees of freedom
  }

  @Test
  void no_request_gives_no_answer_and_no_seed_an_empty_one() {
    assertThat(sample(ENDS, 1, 8, List.of())).isEmpty();
    assertThat(sample(ENDS, 1, 8, List.of(request("1", AdapterRef.BASE, SAMPLED))))
        .containsExactly(List.of());
  }

  @Test
  void a_broken_adapter_stops_the_call_with_its_own_error() {
    TorchLanguageModel sampler =
        new TorchLanguageModel(
            ENDS,
            new AdapterStore(
                model,
                new PackedModel.Packing(true, 2),
                directory -> {
                  throw new malt.WeightsException("adapter_model.safetensors is missing");
                }),
            new GenerationSettings(1, 8));
    try (sampler) {
      assertThatThrownBy(() -> sampler.sample(List.of(request("1", FIRST, SAMPLED, 1L))))
          .isInstanceOf(malt.WeightsException.class)
          .hasMessageContaining("is missing");
    }
  }
}
