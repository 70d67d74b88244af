package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Answers rows. */
public interface RowTool {
  ObjectNode apply(Row row);

  /** One answer for each, in order. */
  default List<ObjectNode> apply(List<Row> rows) {
    return rows.stream().map(row -> row.located(() -> apply(row))).toList();
  }
}
