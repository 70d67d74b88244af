package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Reads rows of any field names.
 *
 * @param question field of the question
 * @param answer field of the reference answer, text or number
 * @param choices field of the choices (see {@link Choices#of}), appended to the question as lines
 *     "A. ..."; empty for none. The answer then is a letter, a choice's text, or its place from 0
 */
public record CustomFile(String question, String answer, String choices) {

  void row(JsonLines in, JsonNode row) {
    String asked = in.text(row, question);
    JsonNode reference = row.path(answer);
    if (!reference.isValueNode() || reference.asText().isBlank()) {
      in.lacks(row, answer, "text or number");
    }
    String id = in.id(row, "id");
    if (choices.isEmpty()) {
      in.add(new Problem(id, asked, reference.asText().strip()));
      return;
    }
    Choices offered = Choices.of(row.path(choices));
    Optional<String> meant = offered.label(reference).flatMap(offered::reference);
    if (offered.isEmpty()) {
      in.lacks(row, choices, "list");
    } else if (meant.isEmpty()) {
      in.complain(
          "has an answer, \"%s\", that means no single choice".formatted(reference.asText()));
    }
    in.add(new Problem(id, offered.below(asked), meant.orElse("")));
  }
}
