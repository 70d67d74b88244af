package malt.app.parquet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A database in this process's memory, that installs nothing and asks no network. */
final class DuckDb {
  private DuckDb() {}

  /** The first column of every row, in order. */
  static List<String> texts(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  static void execute(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection open() throws SQLException {
    Properties settings = new Properties();
    settings.put("autoinstall_known_extensions", "false");
    settings.put("autoload_known_extensions", "false");
    settings.put("memory_limit", "1GB");
    settings.put("threads", "1"); // rows keep their order
    return DriverManager.getConnection("jdbc:duckdb:", settings);
  }

  /** A path as SQL text. */
  static String literal(Path file) {
    return literal(file.toString());
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
