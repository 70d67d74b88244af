package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines of any field names.
 *
 * @param question field of the question
 * @param answer field of the reference answer, text or number
 * @param choices field with an array of choices, appended to the question as lines "A. ..."; null
 *     for none
 */
public record CustomFile(String question, String answer, @Nullable String choices) {
  /**
   * The file's problems in order.
   *
   * @throws malt.MalformedDataException listing each line that cannot be used
   */
  public List<Problem> read(Path file) {
    return JsonLines.read(file, this::row).problems();
  }

  private void row(JsonLines in, JsonNode row) {
    StringBuilder asked = new StringBuilder(in.text(row, question));
    String reference = row.path(answer).asText().strip();
    if (reference.isEmpty()) {
      in.complain("lacks the field \"%s\"".formatted(answer));
    }
    if (choices != null) {
      char label = 'A';
      for (JsonNode choice : row.path(choices)) {
        asked.append('\n').append(label).append(". ").append(choice.asText());
        label++;
      }
      if (label == 'A') {
        in.complain("lacks the list \"%s\"".formatted(choices));
      }
    }
    in.add(new Problem(in.id(row, "id"), asked.toString(), reference));
  }
}
