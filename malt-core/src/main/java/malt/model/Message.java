package malt.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One chat message. Its content is template text and completions sampled earlier; the latter keep
 * their token ids, so a local model splices the ids and never encodes sampled text again.
 */
public record Message(Role role, List<Part> parts) {
  /** The chat role, as opposed to an agent's role. */
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT
  }

  /** A piece of a message. */
  public sealed interface Part permits Text, Sampled {
    String text();
  }

  /** Text written by a person or a template. */
  public record Text(String text) implements Part {}

  /** What a model said earlier, without its thoughts. */
  public record Sampled(Completion completion) implements Part {
    @Override
    public String text() {
      return completion.said();
    }
  }

  public Message {
    parts = List.copyOf(parts);
  }

  public static Message of(Role role, String text) {
    return new Message(role, List.of(new Text(text)));
  }

  public String text() {
    return parts.stream().map(Part::text).collect(Collectors.joining());
  }
}
