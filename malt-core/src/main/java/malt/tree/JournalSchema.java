package malt.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import malt.MalformedDataException;
import malt.MaltException;
import org.sqlite.SQLiteConfig;

/** The journal's tables, and the checks made when a file is opened. */
final class JournalSchema {
  /**
   * Raised with every change that a program of another version would stumble over; such a journal
   * is refused, never converted. A table that it need not read is simply added.
   */
  static final int VERSION = 1;

  /** "MALT" in SQLite's application_id: tells a journal from other people's databases. */
  static final int APPLICATION = 0x4D414C54;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE line (id INTEGER PRIMARY KEY, scope TEXT NOT NULL, lineage TEXT NOT NULL,"
              + " UNIQUE (scope, lineage))",
          "CREATE TABLE prompt (id INTEGER PRIMARY KEY, ids BLOB NOT NULL)",
          "CREATE TABLE node (line INTEGER NOT NULL, problem TEXT NOT NULL, path TEXT NOT NULL,"
              + " prompt INTEGER NOT NULL, text TEXT NOT NULL, ids BLOB NOT NULL,"
              + " log_probs BLOB NOT NULL, finish TEXT NOT NULL, adapter TEXT NOT NULL,"
              + " directory TEXT, seed INTEGER NOT NULL, checksum INTEGER NOT NULL,"
              + " PRIMARY KEY (line, problem, path))",
          "CREATE TABLE node_value (line INTEGER NOT NULL, problem TEXT NOT NULL,"
              + " path TEXT NOT NULL, value REAL, label INTEGER, grade TEXT, extracted TEXT,"
              + " reason TEXT, PRIMARY KEY (line, problem, path))");

  private static final String REMARKS =
      "CREATE TABLE IF NOT EXISTS remark (line INTEGER NOT NULL, problem TEXT NOT NULL,"
          + " path TEXT NOT NULL, remark TEXT NOT NULL,"
          + " PRIMARY KEY (line, problem, path, remark)) WITHOUT ROWID";

  private JournalSchema() {}

  static Connection open(Path file) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
    } catch (IOException e) {
      throw new MaltException("cannot make the directory of journal %s: %s".formatted(file, e), e);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(10_000);
    try {
      Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
      try {
        prepare(file, connection);
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw JournalErrors.of(file, e);
    }
  }

  /**
   * A connection that only reads. Beside a write-ahead log, another process may be writing; without
   * one, the file is all there is, and SQLite need not make files of its own beside it.
   */
  static Connection view(Path file) {
    boolean written = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    String mode = written ? "?mode=ro" : "?immutable=1";
    try {
      Connection connection =
          DriverManager.getConnection(
              "jdbc:sqlite:" + file.toAbsolutePath().toUri() + mode, config.toProperties());
      try (Statement statement = connection.createStatement()) {
        requireJournal(file, statement);
        if (number(statement, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'remark'") == 0) {
          statement.executeUpdate(REMARKS.replace("CREATE TABLE", "CREATE TEMP TABLE"));
        }
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw JournalErrors.of(file, e);
    }
  }

  private static void prepare(Path file, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long application = number(statement, "PRAGMA application_id");
      long version = number(statement, "PRAGMA user_version");
      boolean empty = number(statement, "SELECT COUNT(*) FROM sqlite_master") == 0;
      if (empty && application == 0 && version == 0) {
        create(connection, statement);
      } else {
        requireJournal(file, statement);
        check(file, statement);
        statement.executeUpdate(REMARKS);
      }
    }
  }

  private static void requireJournal(Path file, Statement statement) throws SQLException {
    if (number(statement, "PRAGMA application_id") != APPLICATION) {
      throw new MalformedDataException(
          "%s is an SQLite database of another program, not a journal of sampled trees"
              .formatted(file));
    }
    long version = number(statement, "PRAGMA user_version");
    if (version != VERSION) {
      throw new MalformedDataException(
          "journal %s has schema version %d and this program reads version %d; use the program that wrote it, or start a new run"
              .formatted(file, version, VERSION));
    }
  }

  private static void create(Connection connection, Statement statement) throws SQLException {
    connection.setAutoCommit(false);
    for (String table : TABLES) {
      statement.executeUpdate(table);
    }
    statement.executeUpdate(REMARKS);
    statement.executeUpdate("PRAGMA application_id = " + APPLICATION);
    statement.executeUpdate("PRAGMA user_version = " + VERSION);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void check(Path file, Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      row.next();
      if (!row.getString(1).equals("ok")) {
        throw new MalformedDataException(JournalErrors.damaged(file, row.getString(1)));
      }
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
