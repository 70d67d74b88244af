package malt.app.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.PromptForm;
import malt.model.Message;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.ModelCodec;
import malt.torch.local.LocalModel;
import malt.torch.tensor.Device;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PlainEncoder;

/** How a configuration has its base opened and prompts laid out, wherever that is done. */
public final class Bases {
  private Bases() {}

  public static LocalModel open(ExperimentConfig config) {
    return open(config, directory(config.model()));
  }

  /** The same from where the model lies on this machine. */
  static LocalModel open(ExperimentConfig config, Path directory) {
    ExperimentConfig.ModelSettings settings = config.model();
    return LocalModel.open(
        directory,
        new LocalModel.Settings(
            settings.path(), settings.dtype(), device(config.machine()), told(settings)));
  }

  /** Where it computes; whether that is there, is seen when a model is opened. */
  static Device device(ExperimentConfig.MachineSettings machine) {
    return Device.named(machine.deviceName(), machine.operationThreads());
  }

  /** Ids of prompts, and what ends a completion. */
  public static ModelCodec codec(LocalModel model, ExperimentConfig.ModelSettings settings) {
    return new ModelCodec(
        model.tokenizer(),
        settings.layout() == PromptForm.PLAIN ? model.plain() : model.chat(),
        settings.stop());
  }

  public static GenerationSettings generation(ExperimentConfig.MachineSettings settings) {
    return new GenerationSettings(settings.threads(), settings.batchRows());
  }

  /** Prompts as one text, of the model that the configuration names. */
  public static Function<List<Message>, String> text(ExperimentConfig.ModelSettings settings) {
    if (settings.layout() == PromptForm.PLAIN) {
      return PlainEncoder::text;
    }
    ChatTemplate template = told(settings).apply(ChatTemplate.load(directory(settings)));
    return messages -> template.render(messages, true);
  }

  /** Where the model lies. */
  static Path directory(ExperimentConfig.ModelSettings settings) {
    return Home.resolve(Path.of(settings.path()));
  }

  private static UnaryOperator<ChatTemplate> told(ExperimentConfig.ModelSettings settings) {
    return template ->
        template
            .withDate(LocalDate.parse(settings.date()))
            .withVariables(settings.templateVariables());
  }
}
