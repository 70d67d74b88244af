package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Answers rows, one for each, in order. */
public interface RowTool {
  List<ObjectNode> apply(List<Row> rows);

  /** How many rows it is given together. */
  default int rowsAtOnce() {
    return 64;
  }
}
