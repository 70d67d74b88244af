package malt.tree;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import malt.model.FinishReason;
import malt.model.Remark;

/** What the journal's rows tell of completions that failed, or were odd. */
final class FailureRows {
  private static final String FAILED = "finish = '" + FinishReason.FAILED.name() + "'";

  /** Lines in which others' words were shown in place of a turn that has failures. */
  private static final String SUBSTITUTED =
      " WHERE line IN (SELECT id FROM line WHERE scope = ? AND EXISTS (SELECT 1 FROM node"
          + " JOIN line AS other ON other.id = node.line WHERE "
          + FAILED
          + " AND other.scope = line.scope AND instr(line.lineage, other.lineage || '~') = 1))";

  private static final String OWN =
      " WHERE line IN (SELECT id FROM line WHERE scope = ?) AND " + FAILED;

  private FailureRows() {}

  static void delete(Connection connection, String scope) throws SQLException {
    for (String change :
        List.of(
            "DELETE FROM remark" + SUBSTITUTED,
            "DELETE FROM node" + SUBSTITUTED,
            "DELETE FROM remark WHERE (line, problem, path) IN (SELECT line, problem, path"
                + " FROM node"
                + OWN
                + ")",
            "DELETE FROM node" + OWN)) {
      Sql.update(connection, change, scope);
    }
  }

  static boolean answered(Connection connection, String scope, Lineage lineage)
      throws SQLException {
    String query =
        "SELECT EXISTS (SELECT 1 FROM node JOIN line ON line.id = node.line"
            + " WHERE scope = ? AND lineage = ? AND NOT "
            + FAILED
            + ")";
    return Sql.query(connection, query, row -> row.getBoolean(1), scope, lineage.name()).get(0);
  }

  static long count(Connection connection, String scope) throws SQLException {
    String query = "SELECT COUNT(*) FROM node" + OWN;
    return Sql.query(connection, query, row -> row.getLong(1), scope).get(0);
  }

  static Map<String, Map<String, Map<Remark, Long>>> remarks(Connection connection)
      throws SQLException {
    Map<String, Map<String, Map<Remark, Long>>> counts = new TreeMap<>();
    Sql.query(
        connection,
        "SELECT scope, lineage, remark, COUNT(*) FROM remark JOIN line ON line.id = remark.line"
            + " GROUP BY line.id, remark ORDER BY scope, line.id",
        row ->
            counts
                .computeIfAbsent(row.getString(1), scope -> new LinkedHashMap<>())
                .computeIfAbsent(
                    new Lineage(row.getString(2)).speaker(), role -> new EnumMap<>(Remark.class))
                .merge(Remark.valueOf(row.getString(3)), row.getLong(4), Long::sum));
    return counts;
  }
}
