package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.SamplingParams;
import org.junit.jupiter.api.Test;

class StopTextsTest {
  private static final NumberCodec CODEC = new NumberCodec(Set.of(0));

  private static Draft draft(int limit, String... stop) {
    return new Draft(
        new int[] {1}, 1, new SamplingParams(1, 1, 99), limit, new StopTexts(List.of(stop)));
  }

  private static Completion said(Draft draft, int... ids) {
    for (int id : ids) {
      assertThat(draft.finished()).isFalse();
      draft.add(id, -1, CODEC);
    }
    assertThat(draft.finished()).isTrue();
    return draft.completion(AdapterRef.BASE, CODEC);
  }

  @Test
  void a_stop_text_ends_a_completion_and_its_tokens_stay() {
    Completion completion = said(draft(99, "7 8", "5 5"), 3, 77, 1, 7, 8);
    assertThat(completion.text()).isEqualTo("3 77 1 ");
    assertThat(completion.ids()).containsExactly(3, 77, 1, 7, 8);
    assertThat(completion.logProbs()).hasSize(5);
    assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void a_stop_text_at_the_limit_is_an_end_and_not_a_cut() {
    assertThat(said(draft(3, "7 8"), 1, 7, 8).finish()).isEqualTo(FinishReason.STOP);
    assertThat(said(draft(3, "7 8"), 1, 7, 9).finish()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void an_end_of_text_token_still_ends_it() {
    Completion completion = said(draft(99, "7 8"), 1, 7, 0);
    assertThat(completion.text()).isEqualTo("1 7");
    assertThat(completion.ids()).containsExactly(1, 7, 0);
  }

  @Test
  void what_may_become_a_stop_text_is_not_settled() {
    StopTexts stops = new StopTexts(List.of("\n\nProblem"));
    assertThat(stops.settled("4\n\nProb")).isEqualTo("4");
    assertThat(stops.settled("4\n\nPrize")).isEqualTo("4\n\nPrize");
    assertThat(stops.settled("4\uFFFD")).isEqualTo("4");
    assertThat(stops.cut("4\n\nProblem: 5\n\nProblem: 6")).isEqualTo("4");
  }
}
