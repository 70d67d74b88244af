package malt.model;

import java.util.List;

/** A conversation that the model is asked to continue with an assistant message. */
public record Prompt(List<Message> messages) {
  public Prompt {
    messages = List.copyOf(messages);
  }

  /** One message of the user. */
  public static Prompt of(String message) {
    return new Prompt(List.of(Message.of(Message.Role.USER, message)));
  }
}
