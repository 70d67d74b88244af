package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import malt.tree.ExpansionProgress;
import org.junit.jupiter.api.Test;

class ExpansionStageTest {
  private final List<String> shown = new ArrayList<>();
  private final List<ExpansionProgress> told = new ArrayList<>();
  private final ExpansionStage expansion =
      new ExpansionStage(
          new Stages.Stage() {
            @Override
            public void advance(long units, long tokens) {
              shown.add("%d nodes, %d tokens".formatted(units, tokens));
            }

            @Override
            public void note(String text) {}

            @Override
            public void close() {}
          },
          told::add);

  private static ExpansionProgress progress(long done, int sampled, long tokens) {
    return new ExpansionProgress(0, "generator", done, 42, sampled, tokens, Set.of());
  }

  @Test
  void what_was_heard_of_during_a_call_is_not_counted_again_after_it() {
    expansion.sampled(3, 30);
    expansion.sampled(1, 12);
    expansion.advanced(progress(6, 6, 60)); // two were not heard of
    expansion.advanced(progress(18, 0, 0)); // the journal held these
    assertThat(shown)
        .containsExactly(
            "3 nodes, 30 tokens", "1 nodes, 12 tokens", "2 nodes, 18 tokens", "12 nodes, 0 tokens");
    assertThat(expansion.sampled()).isEqualTo(6);
    assertThat(told).hasSize(2);
  }
}
