package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import malt.MaltException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;
import malt.tree.CompletionStore.Entry;
import org.junit.jupiter.api.Test;

/** What every store of completions keeps to. */
abstract class CompletionStoreContract {
  private static final Lineage LINEAGE = new Lineage("generator=base");

  /** An empty one. */
  abstract CompletionStore store();

  private static Entry entry(String problemId, List<Integer> path, String text) {
    return new Entry(
        problemId,
        path,
        new Completion(
            text,
            new int[] {1, 2},
            new int[] {3},
            new float[] {-0.5f},
            FinishReason.STOP,
            AdapterRef.BASE,
            7));
  }

  private static List<String> texts(List<Entry> entries) {
    return entries.stream().map(entry -> entry.completion().text()).toList();
  }

  @Test
  void scopes_and_lineages_do_not_mix() {
    Lineage other = new Lineage("generator=joint/generator/sft");
    CompletionStore store = store();
    store.append("dev", LINEAGE, List.of(entry("p", List.of(0), "a")));
    store.append("test", LINEAGE, List.of(entry("p", List.of(0), "b")));
    store.append("test", other, List.of(entry("p", List.of(0), "c")));
    assertThat(texts(store.read("dev", LINEAGE, List.of("p")))).containsExactly("a");
    assertThat(texts(store.read("test", other, List.of("p", "q")))).containsExactly("c");
    assertThat(store.read("train", other, List.of("p"))).isEmpty();
  }

  @Test
  void entries_come_by_problem_as_asked_and_by_path() {
    CompletionStore store = store();
    List<Entry> appended = new ArrayList<>();
    for (int i = 11; i >= 0; i--) {
      appended.add(entry("p", List.of(i), "p" + i));
    }
    appended.add(entry("q", List.of(0, 2), "q02"));
    appended.add(entry("q", List.of(0, 10), "q010"));
    appended.add(entry("q", List.of(0), "q0"));
    store.append("test", LINEAGE, appended);
    assertThat(texts(store.read("test", LINEAGE, List.of("q", "p"))))
        .containsExactly(
            "q0", "q02", "q010", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10",
            "p11");
  }

  @Test
  void an_append_that_fails_keeps_nothing_of_itself() {
    CompletionStore store = store();
    store.append("test", LINEAGE, List.of(entry("p", List.of(1), "first")));
    List<Entry> clash =
        List.of(entry("p", List.of(0), "new"), entry("p", List.of(1), "held already"));
    assertThatThrownBy(() -> store.append("test", LINEAGE, clash))
        .isInstanceOf(MaltException.class);
    assertThat(store.read("test", LINEAGE, List.of("p")))
        .containsExactly(entry("p", List.of(1), "first"));
    store.append("test", LINEAGE, List.of(entry("p", List.of(0), "new")));
    assertThat(store.read("test", LINEAGE, List.of("p"))).hasSize(2);
  }

  @Test
  void a_lineage_is_answered_by_a_completion_that_did_not_fail() {
    CompletionStore store = store();
    assertThat(store.answered("test", LINEAGE)).isFalse();
    store.append(
        "test",
        LINEAGE,
        List.of(new Entry("p", List.of(0), Completion.failed(AdapterRef.BASE, 1, Remark.REFUSED))));
    assertThat(store.answered("test", LINEAGE)).isFalse();
    store.append("test", LINEAGE, List.of(entry("q", List.of(0), "said")));
    assertThat(store.answered("test", LINEAGE)).isTrue();
    assertThat(store.answered("dev", LINEAGE)).isFalse();
  }
}
