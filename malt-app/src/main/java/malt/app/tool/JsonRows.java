package malt.app.tool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import malt.Interruption;
import malt.JsonLine;
import malt.MalformedDataException;
import malt.data.StoredRows;

/** JSON lines in, JSON lines out; memory does not grow with their number. */
public final class JsonRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS_AT_ONCE = 64;

  private JsonRows() {}

  /**
   * Applies the tool to all rows.
   *
   * @param name of the input, for messages
   * @param done told how many rows have been answered since the last call
   * @throws MalformedDataException at the first row that is not one; those before it are written
   */
  public static void transform(
      BufferedReader in, String name, Writer out, RowTool tool, IntConsumer done)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    int line = 0;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (!text.isBlank()) {
        String where = "%s:%d".formatted(name, line);
        rows.add(new Row(JsonLine.object(text, where), where));
      }
      if (rows.size() == ROWS_AT_ONCE) {
        write(rows, tool, out, done);
      }
    }
    write(rows, tool, out, done);
  }

  /** The rows of a file as a list that reads each when it is asked for. */
  public static StoredRows<Row> read(Path file) {
    return StoredRows.of(
        file,
        (line, where) -> line.isBlank() ? null : new Row(JsonLine.object(line, where), where));
  }

  private static void write(List<Row> rows, RowTool tool, Writer out, IntConsumer done)
      throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    Interruption.check("reading rows");
    for (ObjectNode answer : tool.apply(rows)) {
      out.write(JSON.writeValueAsString(answer));
      out.write('\n');
    }
    out.flush();
    done.accept(rows.size());
    rows.clear();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static void put(ObjectNode object, String key, int[] values) {
    var array = object.putArray(key);
    for (int value : values) {
      array.add(value);
    }
  }

  /** Log-probabilities in nats. */
  static void put(ObjectNode object, String key, float[] values) {
    var array = object.putArray(key);
    for (float value : values) {
      array.add(value);
    }
  }
}
