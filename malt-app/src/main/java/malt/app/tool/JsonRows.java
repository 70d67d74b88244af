package malt.app.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import malt.Interruption;
import malt.MalformedDataException;

/** JSON lines in, JSON lines out; memory does not grow with their number. */
public final class JsonRows {
  private static final ObjectMapper JSON = new ObjectMapper();

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
        rows.add(row(text, "%s:%d".formatted(name, line)));
      }
      if (rows.size() == tool.rowsAtOnce()) {
        write(rows, tool, out, done);
      }
    }
    write(rows, tool, out, done);
  }

  /** Reads all rows. */
  public static List<Row> read(BufferedReader in, String name) throws IOException {
    List<Row> rows = new ArrayList<>();
    int line = 0;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (!text.isBlank()) {
        rows.add(row(text, "%s:%d".formatted(name, line)));
      }
    }
    return rows;
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

  private static Row row(String text, String where) {
    try {
      JsonNode json = JSON.readTree(text);
      if (!json.isObject()) {
        throw new MalformedDataException(where + " is not a JSON object");
      }
      return new Row(json, where);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(
          "%s is not JSON (%s)".formatted(where, e.getOriginalMessage()), e);
    }
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
