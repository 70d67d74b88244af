package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import malt.MalformedDataException;
import malt.MaltException;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.tree.CompletionStore.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

final class TreeJournalTest {
  private static final Lineage LINEAGE = new Lineage("generator=base");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("seed-1/journal.db");
  }

  private static Entry entry(String problemId, List<Integer> path, String text) {
    int[] ids = text.chars().toArray();
    float[] logProbs = new float[ids.length];
    Arrays.fill(logProbs, -0.25f);
    return new Entry(
        problemId,
        path,
        new Completion(
            text, new int[] {7, 70_000}, ids, logProbs, FinishReason.STOP, AdapterRef.BASE, 42));
  }

  private static List<Entry> entries(SearchTree tree) {
    return tree.nodes().stream()
        .map(node -> new Entry(tree.problem().id(), node.path(), node.completion()))
        .toList();
  }

  @Test
  void what_was_appended_is_read_back_equal_after_reopening() {
    List<SearchTree> trees = RandomTrees.of(3, 2, 2).withTrouble().trees(1, 5);
    try (TreeJournal journal = TreeJournal.open(file())) {
      trees.forEach(tree -> journal.append("train/joint", LINEAGE, entries(tree)));
    }
    try (TreeJournal journal = TreeJournal.open(file())) {
      for (SearchTree tree : trees) {
        assertThat(journal.read("train/joint", LINEAGE, List.of(tree.problem().id())))
            .containsExactlyInAnyOrderElementsOf(entries(tree));
      }
    }
  }

  @Test
  void unusual_completions_are_read_back_equal() {
    Path run = folder.resolve("seed-1");
    Completion trained =
        new Completion(
            "zwölf \u0000 \uD83D\uDE00 '\"\n",
            new int[0],
            new int[] {0, 65_535, 65_536},
            new float[] {-0f, Float.NEGATIVE_INFINITY, -1e-30f},
            FinishReason.LENGTH,
            new AdapterRef("joint/verifier/dpo", run.resolve("joint/adapters/verifier/dpo")),
            Long.MIN_VALUE);
    Completion failed =
        new Completion(
            "", new int[0], new int[0], new float[0], FinishReason.FAILED, AdapterRef.BASE, -1);
    List<Entry> entries =
        List.of(
            new Entry("p", List.of(0), trained),
            new Entry("p", List.of(1), failed),
            entry("p", List.of(2), "siblings may have other prompt ids"));
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, entries);
      assertThat(journal.read("test", LINEAGE, List.of("p"))).isEqualTo(entries);
    }
  }

  @Test
  void an_adapter_moves_with_the_run_directory() throws IOException {
    AdapterRef adapter = new AdapterRef("a", folder.resolve("seed-1/joint/adapters/a"));
    Completion completion =
        new Completion("x", new int[0], new int[0], new float[0], FinishReason.STOP, adapter, 1);
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, List.of(new Entry("p", List.of(0), completion)));
    }
    Files.move(folder.resolve("seed-1"), folder.resolve("moved"));
    try (TreeJournal journal = TreeJournal.open(folder.resolve("moved/journal.db"))) {
      assertThat(journal.read("test", LINEAGE, List.of("p")).get(0).completion().adapter())
          .isEqualTo(new AdapterRef("a", folder.resolve("moved/joint/adapters/a")));
    }
  }

  @Test
  void counts_are_by_scope_and_lineage() {
    Lineage other = new Lineage("generator=joint/generator/sft");
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("dev", LINEAGE, List.of(entry("p", List.of(0), "a")));
      journal.append("test", LINEAGE, List.of(entry("p", List.of(0), "b")));
      journal.append("test", other, List.of(entry("p", List.of(0), "c")));
      assertThat(JournalInspection.counts(file()))
          .containsEntry("dev generator=base", 1L)
          .containsEntry("test generator=joint/generator/sft", 1L)
          .hasSize(3);
    }
  }

  @Test
  void an_append_that_fails_keeps_nothing_of_itself() {
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, List.of(entry("p", List.of(1), "first")));
      List<Entry> clash =
          List.of(entry("p", List.of(0), "new"), entry("p", List.of(1), "held already"));
      assertThatThrownBy(() -> journal.append("test", LINEAGE, clash))
          .isInstanceOf(MaltException.class)
          .hasMessageContaining(file().toString())
          .hasMessageContaining("already holds");
      assertThat(journal.read("test", LINEAGE, List.of("p")))
          .containsExactly(entry("p", List.of(1), "first"));
      journal.append("test", LINEAGE, List.of(entry("p", List.of(0), "new")));
      assertThat(journal.read("test", LINEAGE, List.of("p"))).hasSize(2);
    }
  }

  @Test
  void siblings_share_their_prompt() throws SQLException {
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append(
          "test",
          LINEAGE,
          List.of(
              entry("p", List.of(0, 0), "a"),
              entry("p", List.of(0, 1), "b"),
              entry("p", List.of(1, 0), "c")));
    }
    assertThat(number(file(), "SELECT COUNT(*) FROM prompt")).isEqualTo(2);
  }

  @Test
  void values_are_kept_and_replaced_by_problem() {
    ValueIteration paper = new ValueIteration(0.5, Pooling.GLOBAL);
    List<NodeValue> values =
        RandomTrees.of(3, 3, 3).withTrouble().valued(2, 3, paper).stream()
            .flatMap(tree -> tree.values().stream())
            .toList();
    List<NodeValue> relabelled =
        RandomTrees.of(3, 3, 3)
            .withTrouble()
            .valued(2, 1, new ValueIteration(0.9, Pooling.LOCAL))
            .get(0)
            .values();
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.saveValues("train/joint", LINEAGE, values);
      assertThat(
              JournalInspection.values(
                  file(), "train/joint", LINEAGE, List.of("toy-0", "toy-1", "toy-2")))
          .containsExactlyInAnyOrderElementsOf(values);
      journal.saveValues("train/joint", LINEAGE, relabelled);
      assertThat(JournalInspection.values(file(), "train/joint", LINEAGE, List.of("toy-0")))
          .containsExactlyInAnyOrderElementsOf(relabelled);
      assertThat(JournalInspection.values(file(), "train/joint", LINEAGE, List.of("toy-2")))
          .allMatch(values::contains)
          .isNotEmpty();
    }
  }

  @Test
  void threads_can_append_and_read_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TreeJournal journal = TreeJournal.open(file())) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String problem = "p" + thread;
        tasks.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    journal.append("test", LINEAGE, List.of(entry(problem, List.of(i), "t" + i)));
                    assertThat(journal.read("test", LINEAGE, List.of(problem))).hasSize(i + 1);
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
      assertThat(JournalInspection.counts(file())).containsEntry("test generator=base", 100L);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_copy_with_a_torn_log_holds_whole_transactions_only() throws IOException {
    int transactions = 12;
    try (TreeJournal journal = TreeJournal.open(file())) {
      for (int t = 0; t < transactions; t++) {
        String text = "transaction " + t + " " + "x".repeat(700);
        journal.append(
            "test",
            LINEAGE,
            List.of(
                entry("p" + t, List.of(0), text),
                entry("p" + t, List.of(1), text),
                entry("p" + t, List.of(2), text)));
      }
      byte[] database = Files.readAllBytes(file());
      byte[] log = Files.readAllBytes(Path.of(file() + "-wal"));
      int most = 0;
      int least = transactions;
      for (int cut = 0; cut <= 40; cut++) {
        int held = held(database, Arrays.copyOf(log, (int) ((long) log.length * cut / 40)), cut);
        assertThat(held).isGreaterThanOrEqualTo(cut == 0 ? 0 : most == 0 ? 0 : 1);
        most = Math.max(most, held);
        least = Math.min(least, held);
      }
      assertThat(most).isEqualTo(transactions);
      assertThat(least).isLessThan(transactions);
    }
  }

  /** The transactions that a copy holds, all whole, and none after a missing one. */
  private int held(byte[] database, byte[] log, int copy) throws IOException {
    Path torn = folder.resolve("copy-" + copy + ".db");
    Files.write(torn, database);
    Files.write(Path.of(torn + "-wal"), log);
    try (TreeJournal journal = TreeJournal.open(torn)) {
      int held = 0;
      boolean ended = false;
      for (int t = 0; t < 12; t++) {
        int entries = journal.read("test", LINEAGE, List.of("p" + t)).size();
        assertThat(entries).isIn(0, 3);
        ended |= entries == 0;
        assertThat(entries).isEqualTo(ended ? 0 : 3);
        held += entries / 3;
      }
      return held;
    }
  }

  @Test
  void a_file_that_is_no_database_is_refused_by_name() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "this is not a database, it is a note ".repeat(40));
    requireRefused("no SQLite database");
  }

  @Test
  void a_database_of_another_program_is_refused() throws Exception {
    Files.createDirectories(file().getParent());
    execute("CREATE TABLE recipes (name TEXT)");
    requireRefused("another program");
  }

  @Test
  void a_journal_of_another_schema_is_refused() throws Exception {
    TreeJournal.open(file()).close();
    execute("PRAGMA user_version = 7");
    requireRefused("schema version 7");
  }

  @Test
  void an_empty_file_becomes_a_journal() throws IOException {
    Files.createDirectories(file().getParent());
    Files.createFile(file());
    TreeJournal.open(file()).close();
    TreeJournal.open(file()).close();
  }

  @Test
  void a_page_overwritten_with_noise_is_found() throws IOException {
    filled();
    try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
      for (long page = 4096 * 2; page < damaged.length(); page += 4096) {
        damaged.seek(page);
        damaged.write("noise".repeat(60).getBytes(StandardCharsets.US_ASCII));
      }
    }
    requireRefused("damaged");
  }

  @Test
  void a_truncated_file_is_found() throws IOException {
    filled();
    try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
      damaged.setLength(damaged.length() / 2);
    }
    requireRefused("damaged");
  }

  @Test
  void a_changed_completion_fails_its_checksum() throws Exception {
    filled();
    execute("UPDATE node SET text = 'something else' WHERE path = '3'");
    try (TreeJournal journal = TreeJournal.open(file())) {
      assertThatThrownBy(() -> journal.read("test", LINEAGE, List.of("p")))
          .isInstanceOf(MalformedDataException.class)
          .hasMessageContaining(file().toString())
          .hasMessageContaining("problem p at 3")
          .hasMessageContaining("checksum");
    }
  }

  @Test
  void a_directory_in_its_place_is_an_error_that_names_it() throws IOException {
    Files.createDirectories(file());
    assertThatThrownBy(() -> TreeJournal.open(file()))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void a_full_disk_says_so_and_keeps_what_was_committed() throws Exception {
    filled();
    long pages = number(file(), "PRAGMA page_count");
    MaltException full;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages);
      SQLException error =
          (SQLException)
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      statement.executeUpdate(
                          "INSERT INTO prompt (ids) VALUES (zeroblob(1000000))"));
      full = JournalErrors.of(file(), error);
    }
    assertThat(full).hasMessageContaining("no space left").hasMessageContaining("" + file());
    try (TreeJournal journal = TreeJournal.open(file())) {
      assertThat(journal.read("test", LINEAGE, List.of("p"))).hasSize(60);
    }
  }

  @Test
  void a_lock_held_by_another_process_says_so() {
    SQLException busy = new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT);
    assertThat(JournalErrors.of(file(), busy)).hasMessageContaining("in use by another process");
  }

  private void filled() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      entries.add(entry("p", List.of(i), ("answer " + i + " ").repeat(30)));
    }
    try (TreeJournal journal = TreeJournal.open(file())) {
      journal.append("test", LINEAGE, entries);
    }
  }

  private void requireRefused(String why) {
    assertThatThrownBy(() -> TreeJournal.open(file()))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining(why);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static long number(Path file, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
