package malt.agent;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.ConfigException;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;

/**
 * The fixed prompt of a role: chat messages with placeholders, {@code {question}}, the names of
 * earlier turns, {@code {answer}} for the last that answered and {@code {critique}} for the last
 * that judged. A turn's placeholder keeps that completion's token ids.
 */
public record PromptTemplate(List<Entry> entries) implements Serializable {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9_-]*)}");

  /** Stands for the question. */
  public static final String QUESTION = "question";

  /** Stands for the last turn that gave an answer. */
  public static final String ANSWER = "answer";

  /** Stands for the last turn that judged one. */
  public static final String CRITIQUE = "critique";

  /** One message of the template. */
  public record Entry(Message.Role role, String content) implements Serializable {}

  public PromptTemplate {
    entries = List.copyOf(entries);
  }

  /** Messages that the user and the assistant send in turn; the user begins. */
  public static PromptTemplate of(String... messages) {
    List<Entry> entries = new ArrayList<>();
    for (String message : messages) {
      Message.Role sender = entries.size() % 2 == 0 ? Message.Role.USER : Message.Role.ASSISTANT;
      entries.add(new Entry(sender, message));
    }
    return new PromptTemplate(entries);
  }

  /**
   * Fills the placeholders.
   *
   * @param completions of earlier turns by the name of the turn
   */
  public Prompt fill(String question, Map<String, Completion> completions) {
    return new Prompt(
        entries.stream()
            .map(entry -> new Message(entry.role(), parts(entry.content(), question, completions)))
            .toList());
  }

  private static List<Message.Part> parts(
      String content, String question, Map<String, Completion> completions) {
    List<Message.Part> parts = new ArrayList<>();
    Matcher matcher = PLACEHOLDER.matcher(content);
    int end = 0;
    while (matcher.find()) {
      addText(parts, content.substring(end, matcher.start()));
      parts.add(value(matcher.group(1), question, completions));
      end = matcher.end();
    }
    addText(parts, content.substring(end));
    return parts;
  }

  private static void addText(List<Message.Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Message.Text(text));
    }
  }

  private static Message.Part value(
      String name, String question, Map<String, Completion> completions) {
    if (name.equals(QUESTION)) {
      return new Message.Text(question);
    }
    Completion completion = completions.get(name);
    if (completion == null) {
      throw new ConfigException(
          "prompt placeholder {%s} names no earlier turn; known here: question, %s"
              .formatted(name, String.join(", ", completions.keySet())));
    }
    return new Message.Sampled(completion);
  }

  /** Where each placeholder first stands, by name; for checks of a configuration. */
  public Map<String, Integer> placeholders() {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      Matcher matcher = PLACEHOLDER.matcher(entries.get(i).content());
      while (matcher.find()) {
        found.putIfAbsent(matcher.group(1), i);
      }
    }
    return found;
  }
}
