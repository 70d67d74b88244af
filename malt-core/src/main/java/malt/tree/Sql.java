package malt.tree;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SQL with values in place of its question marks, in their order. */
final class Sql {
  private Sql() {}

  /** What is made of a row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** All rows that a statement gives. */
  static <T> List<T> query(
      Connection connection, String sql, Row<T> made, @Nullable Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      fill(query, values);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(made.of(row));
        }
      }
    }
    return found;
  }

  static void update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update(update, values);
    }
  }

  /** For a statement that is carried out many times. */
  static void update(PreparedStatement update, @Nullable Object... values) throws SQLException {
    fill(update, values);
    update.executeUpdate();
  }

  private static void fill(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
