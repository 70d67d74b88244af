package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Remark;
import malt.tree.CompletionStore.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailureRowsTest {
  private static final Lineage LINEAGE = new Lineage("generator=base");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("journal.db");
  }

  private static Entry entry(String problemId, List<Integer> path, String text) {
    int[] ids = text.chars().toArray();
    return new Entry(
        problemId,
        path,
        new Completion(
            text,
            new int[] {7},
            ids,
            new float[ids.length],
            FinishReason.STOP,
            AdapterRef.BASE,
            42));
  }

  @Test
  void remarks_are_read_back_with_their_completion_and_counted_by_scope_and_role() {
    Completion odd =
        entry("p", List.of(0), "odd")
            .completion()
            .remarked(Remark.END_TOKEN)
            .remarked(Remark.LOG_PROBS);
    List<Entry> entries =
        List.of(
            new Entry("p", List.of(0), odd),
            entry("p", List.of(1), "plain"),
            new Entry("p", List.of(2), Completion.failed(AdapterRef.BASE, 3, Remark.REFUSED)));
    Lineage verifier = new Lineage("generator=base>verifier=base");
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, entries);
      journal.append("test", verifier, List.of(new Entry("p", List.of(0, 0), odd)));
      assertThat(journal.read("test", LINEAGE, List.of("p"))).isEqualTo(entries);
      assertThat(journal.remarks())
          .isEqualTo(
              Map.of(
                  "test",
                  Map.of(
                      "generator",
                      Map.of(Remark.END_TOKEN, 1L, Remark.LOG_PROBS, 1L, Remark.REFUSED, 1L),
                      "verifier",
                      Map.of(Remark.END_TOKEN, 1L, Remark.LOG_PROBS, 1L))));
    }
  }

  @Test
  void a_journal_from_before_remarks_takes_them() throws Exception {
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, List.of(entry("p", List.of(0), "old")));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DROP TABLE remark");
    }
    try (TreeJournal journal = TreeJournal.open(file())) {
      Completion odd = entry("p", List.of(1), "new").completion().remarked(Remark.EMPTY);
      journal.append("test", LINEAGE, List.of(new Entry("p", List.of(1), odd)));
      assertThat(journal.read("test", LINEAGE, List.of("p")))
          .extracting(entry -> entry.completion().remarks().size())
          .containsExactly(0, 1);
    }
  }

  @Test
  void what_failed_is_forgotten_with_what_others_said_in_its_place() {
    Lineage verifier = new Lineage("generator=base>verifier=base");
    Lineage heard = new Lineage("generator=base>verifier=base>refiner=base");
    Lineage shuffled = new Lineage("generator=base>verifier=base~shuffled>refiner=base");
    Entry failed =
        new Entry("p", List.of(0, 1), Completion.failed(AdapterRef.BASE, 3, Remark.GIVEN_UP));
    Entry kept = entry("p", List.of(0, 0), "kept");
    Entry refined = entry("p", List.of(0, 0, 0), "refined");
    try (TreeJournal journal = TreeJournal.open(file())) {
      for (String scope : List.of("test", "dev")) {
        journal.append(scope, LINEAGE, List.of(entry("p", List.of(0), "answer")));
        journal.append(scope, verifier, List.of(kept, failed));
        journal.append(scope, heard, List.of(refined));
        journal.append(scope, shuffled, List.of(refined));
      }
      assertThat(journal.failures("test")).isEqualTo(1);
      journal.forgetFailed("test");
      assertThat(journal.failures("test")).isZero();
      assertThat(journal.read("test", verifier, List.of("p"))).containsExactly(kept);
      assertThat(journal.read("test", heard, List.of("p"))).containsExactly(refined);
      assertThat(journal.read("test", shuffled, List.of("p"))).isEmpty();
      assertThat(journal.read("test", LINEAGE, List.of("p"))).hasSize(1);
      assertThat(journal.read("dev", verifier, List.of("p"))).containsExactly(kept, failed);
      assertThat(journal.read("dev", shuffled, List.of("p"))).containsExactly(refined);
      assertThat(journal.remarks().keySet()).containsExactly("dev");
    }
  }

  @Test
  void a_lineage_is_answered_once_one_of_its_completions_did_not_fail() {
    try (TreeJournal journal = TreeJournal.open(file())) {
      assertThat(journal.answered("test", LINEAGE)).isFalse();
      journal.append(
          "test",
          LINEAGE,
          List.of(
              new Entry("p", List.of(0), Completion.failed(AdapterRef.BASE, 3, Remark.REFUSED))));
      assertThat(journal.answered("test", LINEAGE)).isFalse();
      journal.append("test", LINEAGE, List.of(entry("q", List.of(0), "yes")));
      assertThat(journal.answered("test", LINEAGE)).isTrue();
      assertThat(journal.answered("dev", LINEAGE)).isFalse();
    }
  }
}
