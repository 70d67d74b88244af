package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.EnumMap;
import java.util.Map;
import malt.JsonLine;
import malt.MalformedDataException;

/**
 * Grades JSON lines {@code {"gold", "prediction"}} into {@code {"grade", "extracted", "reason"}},
 * one line for each, in order. A prediction of {@code null} says nothing.
 */
public final class GradeRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GradeRows() {}

  /**
   * Grades all rows as they come; memory does not grow with their number.
   *
   * @param name of the input, for messages
   * @return how many rows got each grade
   * @throws MalformedDataException at the first row that is not one
   */
  public static Map<Grade, Integer> grade(Grader grader, BufferedReader in, String name, Writer out)
      throws IOException {
    Map<Grade, Integer> counts = new EnumMap<>(Grade.class);
    int line = 0;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (text.isBlank()) {
        continue;
      }
      Grading grading = grade(grader, row(text, "%s:%d".formatted(name, line)));
      counts.merge(grading.grade(), 1, Integer::sum);
      ObjectNode row = JSON.createObjectNode();
      row.put("grade", grading.grade().name());
      row.put("extracted", grading.extracted());
      row.put("reason", grading.reason());
      out.write(JSON.writeValueAsString(row));
      out.write('\n');
    }
    return counts;
  }

  private static Grading grade(Grader grader, JsonNode row) {
    return grader.grade(
        new Problem("", "", row.get("gold").asText()),
        Response.whole(row.get("prediction").asText("")));
  }

  private static JsonNode row(String text, String where) {
    JsonNode row = JsonLine.object(text, where);
    boolean gold = row.path("gold").isValueNode() && !row.path("gold").isNull();
    if (!gold || !row.path("prediction").isValueNode()) {
      throw new MalformedDataException(
          "%s is not an object with \"gold\" and \"prediction\", a text or number each; it has %s"
              .formatted(where, JsonLine.keys(row)));
    }
    return row;
  }
}
