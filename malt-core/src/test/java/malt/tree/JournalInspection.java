package malt.tree;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import malt.problem.Grade;
import malt.problem.Grading;
import org.jspecify.annotations.Nullable;

/** Reads a journal's tables as anybody may who has SQLite. */
public final class JournalInspection {
  private JournalInspection() {}

  /** Completions held, by scope and lineage as "scope lineage". */
  public static Map<String, Long> counts(Path journal) {
    Map<String, Long> counts = new TreeMap<>();
    rows(
        journal,
        "SELECT scope, lineage, COUNT(*) FROM node JOIN line ON line.id = node.line"
            + " GROUP BY line.id",
        row -> counts.put(row.getString(1) + " " + row.getString(2), row.getLong(3)));
    return counts;
  }

  /** The values kept: problems in the order given, each in path order. */
  public static List<NodeValue> values(
      Path journal, String scope, Lineage lineage, Collection<String> problems) {
    return problems.stream()
        .flatMap(problem -> values(journal, scope, lineage, problem).stream())
        .toList();
  }

  private static List<NodeValue> values(
      Path journal, String scope, Lineage lineage, String problem) {
    return rows(
            journal,
            "SELECT path, value, label, grade, extracted, reason FROM node_value"
                + " JOIN line ON line.id = line WHERE scope = ? AND lineage = ? AND problem = ?",
            row -> value(problem, row),
            scope,
            lineage.name(),
            problem)
        .stream()
        .sorted(
            (a, b) ->
                Arrays.compare(a.path().toArray(Integer[]::new), b.path().toArray(Integer[]::new)))
        .toList();
  }

  private static NodeValue value(String problem, ResultSet row) throws SQLException {
    double value = row.getDouble(2);
    boolean valued = !row.wasNull();
    String grade = row.getString(4);
    return new NodeValue(
        problem,
        CompletionRows.path(row.getString(1)),
        valued ? (Double) value : null,
        valued ? (Boolean) row.getBoolean(3) : null,
        grade == null
            ? null
            : new Grading(Grade.valueOf(grade), row.getString(5), row.getString(6)));
  }

  private static <T extends @Nullable Object> List<T> rows(
      Path journal, String sql, Sql.Row<T> made, Object... values) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + journal)) {
      return Sql.query(connection, sql, made, values);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
