package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import malt.torch.text.ChatTemplate;

/** {"messages", "add_generation_prompt"} to {"text"}, by the model's chat template. */
public final class RenderTool implements RowTool {
  private final ChatTemplate template;

  /**
   * @param told tells the template what it reads besides messages
   */
  public RenderTool(Path directory, UnaryOperator<ChatTemplate> told) {
    template = told.apply(ChatTemplate.load(directory));
  }

  @Override
  public ObjectNode apply(Row row) {
    return JsonRows.object()
        .put(
            "text",
            template.renderMaps(
                row.rawMessages("messages"),
                !row.has("add_generation_prompt") || row.flag("add_generation_prompt")));
  }
}
