package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;

/**
 * {"text"} or {"messages"} to {"text", "ids"}. Messages become what the model is given; a text
 * becomes what the tokenizer alone makes of it, special names and all, unless it is plain.
 */
public final class TokenizeTool implements RowTool, AutoCloseable {
  private final Path directory;
  private final UnaryOperator<ChatTemplate> told;
  private final Tokenizer tokenizer;
  private final boolean addSpecialTokens;
  private final boolean plain;

  /**
   * @param told tells the chat template what it reads besides messages
   * @param addSpecialTokens whether a text gets the tokens that the tokenizer puts around one
   * @param plain whether the name of a special token in a text is text, as in a question
   */
  public TokenizeTool(
      Path directory, UnaryOperator<ChatTemplate> told, boolean addSpecialTokens, boolean plain) {
    this.directory = directory;
    this.told = told;
    this.tokenizer = Tokenizer.load(directory);
    this.addSpecialTokens = addSpecialTokens;
    this.plain = plain;
  }

  @Override
  public ObjectNode apply(Row row) {
    ObjectNode answer = JsonRows.object();
    if (row.has("messages")) {
      ChatTemplate template = told.apply(ChatTemplate.load(directory));
      List<Message> messages = row.messages("messages");
      answer.put("text", template.render(messages, true));
      int[] ids = new PromptEncoder(tokenizer, template).encode(new Prompt(messages));
      JsonRows.put(answer, "ids", ids);
    } else if (row.has("text")) {
      String text = row.text("text");
      answer.put("text", text);
      JsonRows.put(answer, "ids", ids(text));
    } else {
      throw row.wrong("neither \"text\" nor \"messages\"");
    }
    return answer;
  }

  private int[] ids(String text) {
    if (!plain) {
      return tokenizer.encodeTemplate(text, addSpecialTokens);
    }
    return addSpecialTokens ? tokenizer.encodeDocument(text) : tokenizer.encode(text);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
