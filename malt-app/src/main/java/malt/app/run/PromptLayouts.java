package malt.app.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.PromptForm;
import malt.model.Message;
import malt.torch.generation.ModelCodec;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PlainEncoder;
import malt.torch.text.PromptEncoder;
import malt.torch.text.PromptLayout;

/** How a configuration has prompts laid out, wherever that is done. */
public final class PromptLayouts {
  private PromptLayouts() {}

  /** Ids of prompts, and what ends a completion. */
  static ModelCodec codec(OpenModel model, ExperimentConfig.ModelSettings settings) {
    PromptLayout layout =
        settings.layout() == PromptForm.PLAIN
            ? new PlainEncoder(model.tokenizer())
            : new PromptEncoder(model.tokenizer(), told(model.template(), settings));
    return new ModelCodec(model.tokenizer(), layout, settings.stop());
  }

  /** Prompts as one text, of the model that the configuration names. */
  public static Function<List<Message>, String> text(ExperimentConfig.ModelSettings settings) {
    if (settings.layout() == PromptForm.PLAIN) {
      return PlainEncoder::text;
    }
    ChatTemplate template =
        told(ChatTemplate.load(Home.resolve(Path.of(settings.path()))), settings);
    return messages -> template.render(messages, true);
  }

  private static ChatTemplate told(ChatTemplate template, ExperimentConfig.ModelSettings settings) {
    return template
        .withDate(LocalDate.parse(settings.date()))
        .withVariables(settings.templateVariables());
  }
}
