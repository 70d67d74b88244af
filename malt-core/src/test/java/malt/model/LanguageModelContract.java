package malt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What every language model promises; extend it and say how to make one. */
public abstract class LanguageModelContract {
  /** The model under test; asked for in every test. */
  protected abstract LanguageModel model();

  /** A prompt to which the model has several likely answers at temperature 1. */
  protected Prompt prompt(String question) {
    return new Prompt(List.of(Message.of(Message.Role.USER, question)));
  }

  /** A request whose completions fail for good, if this model has such. */
  protected Optional<SamplingRequest> failing() {
    return Optional.empty();
  }

  /** Whether completions carry token ids and log-probabilities. */
  protected boolean returnsIds() {
    return true;
  }

  /** By how much a log-probability may differ from call to call: the company changes rounding. */
  protected float rounding() {
    return 0;
  }

  protected SamplingParams params(double temperature, int maxTokens) {
    return new SamplingParams(temperature, 1.0, maxTokens);
  }

  private SamplingRequest request(String question, long... seeds) {
    return new SamplingRequest(
        prompt(question), AdapterRef.BASE, params(1.0, 24), LongStream.of(seeds).boxed().toList());
  }

  @Test
  void answers_come_in_the_order_of_requests_and_seeds() {
    List<List<Completion>> answers =
        model().sample(List.of(request("2 + 3 ?", 5, 6, 7), request("4 + 4 ?", 8), request("1 ?")));
    assertThat(answers).hasSize(3);
    assertThat(answers.get(0)).extracting(Completion::seed).containsExactly(5L, 6L, 7L);
    assertThat(answers.get(1)).extracting(Completion::seed).containsExactly(8L);
    assertThat(answers.get(2)).isEmpty();
    assertThat(answers.get(0)).extracting(Completion::adapter).containsOnly(AdapterRef.BASE);
  }

  @Test
  void no_requests_have_no_answers() {
    assertThat(model().sample(List.of())).isEmpty();
  }

  @Test
  void the_same_call_gives_the_same_answer() {
    List<SamplingRequest> requests = List.of(request("2 + 3 ?", 1, 2), request("4 + 4 ?", 3));
    LanguageModel model = model();
    List<Completion> first = model.sample(requests).stream().flatMap(List::stream).toList();
    List<Completion> again = model.sample(requests).stream().flatMap(List::stream).toList();
    assertThat(again).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      assertThat(again.get(i).logProbs())
          .containsExactly(first.get(i).logProbs(), Offset.offset(rounding()));
      assertThat(withoutLogProbs(again.get(i))).isEqualTo(withoutLogProbs(first.get(i)));
    }
  }

  private static Completion withoutLogProbs(Completion one) {
    return new Completion(
        one.text(),
        one.promptIds(),
        one.ids(),
        new float[0],
        one.finish(),
        one.adapter(),
        one.seed());
  }

  @Test
  void a_completion_follows_its_own_seed_and_not_its_neighbours() {
    LanguageModel model = model();
    String alone = model.sample(List.of(request("2 + 3 ?", 6))).get(0).get(0).text();
    List<List<Completion>> together =
        model.sample(List.of(request("4 + 4 ?", 9), request("2 + 3 ?", 5, 6)));
    assertThat(together.get(1).get(1).text()).isEqualTo(alone);
  }

  @Test
  void seeds_matter_at_temperature_one() {
    long[] seeds = LongStream.range(0, 32).toArray();
    List<Completion> answers = model().sample(List.of(request("2 + 3 ?", seeds))).get(0);
    assertThat(answers.stream().map(Completion::text).distinct().count()).isGreaterThan(1);
  }

  @Test
  void ids_and_log_probabilities_belong_together() {
    assumeTrue(returnsIds(), "this model tells no token ids");
    List<Completion> answers = model().sample(List.of(request("2 + 3 ?", 1, 2, 3))).get(0);
    for (Completion answer : answers) {
      assertThat(answer.promptIds()).isNotEmpty().isEqualTo(answers.get(0).promptIds());
      assertThat(answer.ids()).isNotEmpty();
      assertThat(answer.logProbs()).hasSameSizeAs(answer.ids());
      for (float logProb : answer.logProbs()) {
        assertThat(logProb).isFinite().isLessThanOrEqualTo(0f);
      }
    }
  }

  @Test
  void a_completion_is_cut_at_the_token_limit_and_says_so() {
    SamplingRequest limited =
        new SamplingRequest(
            prompt("2 + 3 ?"), AdapterRef.BASE, params(1.0, 1), List.of(1L, 2L, 3L, 4L));
    for (Completion answer : model().sample(List.of(limited)).get(0)) {
      assertThat(answer.finish()).isIn(FinishReason.LENGTH, FinishReason.STOP);
      if (returnsIds()) {
        assertThat(answer.ids()).hasSize(1);
        assertThat(answer.finish() == FinishReason.STOP).isEqualTo(answer.text().isEmpty());
      }
    }
  }

  @Test
  void a_failure_is_a_value_and_leaves_the_others_alone() {
    Optional<SamplingRequest> failing = failing();
    assumeTrue(failing.isPresent(), "this model has no request that fails");
    List<List<Completion>> answers =
        model().sample(List.of(request("2 + 3 ?", 1), failing.get(), request("4 + 4 ?", 2)));
    assertThat(answers.get(1))
        .hasSameSizeAs(failing.get().seeds())
        .allMatch(answer -> answer.finish() == FinishReason.FAILED);
    assertThat(answers.get(1))
        .extracting(Completion::seed)
        .containsExactlyElementsOf(failing.get().seeds());
    assertThat(answers.get(0).get(0).finish()).isNotEqualTo(FinishReason.FAILED);
    assertThat(answers.get(2).get(0).finish()).isNotEqualTo(FinishReason.FAILED);
  }
}
