package malt.torch.text;

import java.util.List;
import java.util.Optional;
import malt.model.Message;
import malt.torch.text.jinja.TemplateException;

/**
 * The token with which a chat template ends what the assistant says: the first one that it writes
 * behind the content. A model that was taught by this template says it when it has spoken, whether
 * or not its files name it among the ends of a text.
 *
 * @param token its name
 */
public record TurnEnd(String token, int id) {
  private static final String CONTENT = "\ue000\ue001";

  /** Empty where the template writes no token there, or lays out no such conversation. */
  public static Optional<TurnEnd> of(ChatTemplate template, Tokenizer tokenizer) {
    String text;
    try {
      text =
          template.render(
              List.of(
                  Message.of(Message.Role.USER, "?"), Message.of(Message.Role.ASSISTANT, CONTENT)),
              false);
    } catch (TemplateException e) {
      return Optional.empty();
    }
    int content = text.lastIndexOf(CONTENT);
    return content < 0
        ? Optional.empty()
        : tokenizer.firstToken(text.substring(content + CONTENT.length()));
  }
}
