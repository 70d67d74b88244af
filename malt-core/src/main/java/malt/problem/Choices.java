package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The choices of a question, in order.
 *
 * @param labels "A", "B", ...
 * @param texts as many
 */
record Choices(List<String> labels, List<String> texts) {
  Choices {
    labels = List.copyOf(labels);
    texts = List.copyOf(texts);
  }

  /**
   * Reads texts ({@code ["bank", ...]}), objects ({@code [{"label", "text"}, ...]}) or Hugging
   * Face's pair of lists ({@code {"label": [...], "text": [...]}}).
   */
  static Choices of(JsonNode node) {
    List<String> labels = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    JsonNode items = node.isObject() ? node.path("text") : node;
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      JsonNode label = node.isObject() ? node.path("label").path(i) : item.path("label");
      labels.add(label.isMissingNode() ? letter(i) : label.asText());
      texts.add(item.isObject() ? item.path("text").asText() : item.asText());
    }
    return new Choices(labels, texts);
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  boolean isEmpty() {
    return labels.isEmpty();
  }

  /** The question with a line for each choice: "A. bank". */
  String below(String question) {
    StringBuilder asked = new StringBuilder(question);
    for (int i = 0; i < labels.size(); i++) {
      asked.append('\n').append(line(i));
    }
    return asked.toString();
  }

  /**
   * The reference answer: the letter with its text, or only the letter where another choice has the
   * same text; empty where no choice has the label.
   */
  Optional<String> reference(String label) {
    int index = labels.indexOf(label);
    if (index < 0) {
      return Optional.empty();
    }
    long same = texts.stream().filter(text -> key(text).equals(key(texts.get(index)))).count();
    return Optional.of(same == 1 ? line(index) : label);
  }

  /**
   * The label that an answer means: itself, the place of a choice (a whole number, from 0), or the
   * text of exactly one choice. Empty where it means none, or could mean two.
   */
  Optional<String> label(JsonNode answer) {
    if (answer.isIntegralNumber()) {
      int index = answer.asInt(-1);
      return index < 0 || index >= labels.size()
          ? Optional.empty()
          : Optional.of(labels.get(index));
    }
    String said = answer.asText().strip();
    List<String> meant = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).equals(said) || key(texts.get(i)).equals(key(said))) {
        meant.add(labels.get(i));
      }
    }
    return meant.size() == 1 ? Optional.of(meant.get(0)) : Optional.empty();
  }

  private String line(int index) {
    return labels.get(index) + ". " + texts.get(index);
  }

  private static String key(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
