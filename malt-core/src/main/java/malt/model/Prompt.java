package malt.model;

import java.util.List;

/** A conversation that the model is asked to continue with an assistant message. */
public record Prompt(List<Message> messages) {
  public Prompt {
    messages = List.copyOf(messages);
  }
}
