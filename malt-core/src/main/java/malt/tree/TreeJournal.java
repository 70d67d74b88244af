package malt.tree;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import malt.MaltException;
import malt.model.Remark;
import malt.problem.Grading;
import org.jspecify.annotations.Nullable;

/**
 * Every sampled completion, under (scope, lineage, problem, path), and the values found for it; an
 * SQLite file in WAL mode. What {@link #append} returned from survives the death of the process.
 * Safe for any number of threads.
 *
 * <p>A file that is damaged or not a journal is a {@link malt.MalformedDataException}, a full disk
 * and other trouble of the file system a {@link MaltException}; both name the file.
 */
public final class TreeJournal implements CompletionStore, AutoCloseable {
  private final Path file;
  private final CompletionRows completions;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();

  private TreeJournal(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
    Path folder = file.getParent();
    this.completions = new CompletionRows(file, folder == null ? Path.of("") : folder);
  }

  /** Opens the journal, and makes an empty one where there is no file. */
  public static TreeJournal open(Path file) {
    return new TreeJournal(file, JournalSchema.open(file));
  }

  /**
   * Opens a journal to read from, also while another process writes to it; nothing is changed.
   *
   * @throws MaltException if there is none
   */
  public static TreeJournal view(Path file) {
    return new TreeJournal(file, JournalSchema.view(file));
  }

  @Override
  public void append(String scope, Lineage lineage, List<Entry> entries) {
    write(
        () -> {
          long line = line(scope, lineage);
          completions.insert(connection, line, entries);
        });
  }

  /**
   * Drops the failed completions of a scope, so that they are sampled again; and with them what was
   * said after others' words were shown in place of such a turn, which may be other words now.
   */
  public void forgetFailed(String scope) {
    write(() -> FailureRows.delete(connection, scope));
  }

  @Override
  public boolean answered(String scope, Lineage lineage) {
    return read(() -> FailureRows.answered(connection, scope, lineage));
  }

  /** How many completions of a scope failed, whoever said them. */
  public long failures(String scope) {
    return read(() -> FailureRows.count(connection, scope));
  }

  /** How often each remark was made, by scope and the turn that spoke. */
  public Map<String, Map<String, Map<Remark, Long>>> remarks() {
    return read(() -> FailureRows.remarks(connection));
  }

  @Override
  public List<Entry> read(String scope, Lineage lineage, Collection<String> problemIds) {
    return read(
        () -> {
          List<Entry> found = new ArrayList<>();
          Optional<Long> line = findLine(scope, lineage);
          if (line.isPresent()) {
            for (String problemId : problemIds) {
              List<Entry> held = completions.select(connection, line.get(), problemId);
              held.sort(Comparator.comparing(Entry::path, TreeNode.PATH_ORDER));
              found.addAll(held);
            }
          }
          return found;
        });
  }

  /**
   * Keeps the values of whole trees, in place of earlier ones of the same problems.
   *
   * @param team of the whole team: a node's value depends on everyone who speaks after it
   */
  public void saveValues(String scope, Lineage team, List<NodeValue> values) {
    write(
        () -> {
          long line = line(scope, team);
          for (String problemId : values.stream().map(NodeValue::problemId).distinct().toList()) {
            update("DELETE FROM node_value WHERE line = ? AND problem = ?", line, problemId);
          }
          for (NodeValue value : values) {
            Grading grading = value.grading();
            update(
                "INSERT INTO node_value VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                line,
                value.problemId(),
                CompletionRows.text(value.path()),
                value.value(),
                value.label(),
                grading == null ? null : grading.grade().name(),
                grading == null ? null : grading.extracted(),
                grading == null ? null : grading.reason());
          }
        });
  }

  /**
   * Completions of a turn.
   *
   * @param tokens of them all
   */
  public record Sampled(long nodes, long tokens) {}

  /**
   * What came after a place in the journal.
   *
   * @param newest the place to ask from next time; less than was asked from where completions were
   *     dropped, so that all is to be read anew
   * @param trees of which completions came, each once
   */
  public record Added(long newest, List<Place> trees) {
    public Added {
      trees = List.copyOf(trees);
    }

    /** A problem's tree in a scope. */
    public record Place(String scope, String problemId) {}
  }

  /**
   * What came after a place in the journal.
   *
   * @param after 0 for everything
   */
  public Added added(long after) {
    String query =
        "SELECT DISTINCT scope, problem FROM node JOIN line ON line.id = node.line"
            + " WHERE node.rowid > ? AND node.rowid <= ?";
    return read(
        () -> {
          long newest =
              Sql.query(connection, "SELECT MAX(rowid) FROM node", row -> row.getLong(1)).get(0);
          return new Added(
              newest,
              Sql.query(
                  connection,
                  query,
                  row -> new Added.Place(row.getString(1), row.getString(2)),
                  after,
                  newest));
        });
  }

  /** What was sampled of the last turn of a lineage. */
  public Sampled sampled(String scope, Lineage lineage) {
    String query =
        "SELECT node.ids FROM node JOIN line ON line.id = node.line"
            + " WHERE scope = ? AND lineage = ?";
    return read(
        () -> {
          List<Integer> tokens =
              Sql.query(
                  connection,
                  query,
                  row -> Blobs.ints(Objects.requireNonNull(row.getBytes(1))).length,
                  scope,
                  lineage.name());
          return new Sampled(tokens.size(), tokens.stream().mapToLong(Integer::longValue).sum());
        });
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw JournalErrors.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Long> findLine(String scope, Lineage lineage) throws SQLException {
    String query = "SELECT id FROM line WHERE scope = ? AND lineage = ?";
    return Sql.query(connection, query, row -> row.getLong(1), scope, lineage.name()).stream()
        .findFirst();
  }

  private long line(String scope, Lineage lineage) throws SQLException {
    update("INSERT OR IGNORE INTO line (scope, lineage) VALUES (?, ?)", scope, lineage.name());
    return findLine(scope, lineage)
        .orElseThrow(() -> new IllegalStateException("a line just written is not there"));
  }

  private void update(String sql, @Nullable Object... values) throws SQLException {
    Sql.update(connection, sql, values);
  }

  private interface Write {
    void run() throws SQLException;
  }

  private interface Read<T> {
    T run() throws SQLException;
  }

  private <T> T read(Read<T> query) {
    lock.lock();
    try {
      return query.run();
    } catch (SQLException e) {
      throw JournalErrors.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  private void write(Write change) {
    lock.lock();
    try {
      connection.setAutoCommit(false);
      try {
        change.run();
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw JournalErrors.of(file, e);
    } finally {
      lock.unlock();
    }
  }
}
