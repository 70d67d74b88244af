package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Reads CommonsenseQA's layouts: the authors' {@code id}, {@code answerKey}, {@code question.stem},
 * {@code question.choices[].label/text}, and Hugging Face's {@code question}, {@code
 * choices.label[]}, {@code choices.text[]}. The choices become lines of the question ("A. bank").
 * The reference is the letter, with its text where no other choice has the same ("A. bank").
 */
final class CsqaFile {
  private CsqaFile() {}

  static void row(JsonLines in, JsonNode row) {
    String key = in.text(row, "answerKey");
    boolean nested = row.path("question").isObject();
    JsonNode asked = nested ? row.path("question") : row;
    String stem = in.text(asked, nested ? "stem" : "question");
    Choices choices = Choices.of(asked.path("choices"));
    String reference = choices.reference(key).orElse("");
    if (choices.isEmpty()) {
      in.lacks(asked, "choices", "list");
    } else if (!key.isEmpty() && reference.isEmpty()) {
      in.complain("has no choice labelled \"%s\"".formatted(key));
    }
    in.add(new Problem(in.id(row, "id"), choices.below(stem), reference));
  }
}
