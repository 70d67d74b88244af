package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads CommonsenseQA's layout: {@code id}, {@code answerKey}, {@code question.stem}, {@code
 * question.choices[].label/text}. The choices become lines of the question ("A. bank"). The
 * reference is the letter, with its text where no other choice has the same ("A. bank").
 */
public final class CsqaFile {
  private CsqaFile() {}

  /**
   * The file's problems in order.
   *
   * @throws malt.MalformedDataException listing each line that cannot be used
   */
  public static List<Problem> read(Path file) {
    return JsonLines.read(file, CsqaFile::row).problems();
  }

  private static void row(JsonLines in, JsonNode row) {
    String key = in.text(row, "answerKey");
    JsonNode asked = row.path("question");
    StringBuilder question = new StringBuilder(in.text(asked, "stem"));
    String reference = "";
    int sameText = 0;
    for (JsonNode choice : asked.path("choices")) {
      String line = choice.path("label").asText() + ". " + choice.path("text").asText();
      question.append('\n').append(line);
      if (choice.path("label").asText().equals(key)) {
        reference = line;
      }
    }
    for (JsonNode choice : asked.path("choices")) {
      sameText += key(choice).equals(key(reference)) ? 1 : 0;
    }
    if (!key.isEmpty() && reference.isEmpty()) {
      in.complain("has no choice labelled \"%s\"".formatted(key));
    }
    in.add(new Problem(in.id(row, "id"), question.toString(), sameText == 1 ? reference : key));
  }

  private static String key(JsonNode choice) {
    return choice.path("text").asText().strip().toLowerCase(Locale.ROOT);
  }

  private static String key(String line) {
    int dot = line.indexOf(". ");
    return line.substring(dot < 0 ? 0 : dot + 2).strip().toLowerCase(Locale.ROOT);
  }
}
