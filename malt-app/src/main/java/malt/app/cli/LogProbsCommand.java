package malt.app.cli;

import java.nio.file.Path;
import malt.app.tool.LogProbsTool;
import malt.torch.adapter.LoraAdapter;
import malt.torch.local.LocalModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "logprobs",
    description = {
      "Scores given completions.",
      "Reads JSON lines {\"prompt\" or \"messages\", \"completion\"} or "
          + "{\"prompt_ids\", \"completion_ids\"} and writes {\"ids\", \"logprobs\", \"sum\"} "
          + "of the completion, in nats."
    })
final class LogProbsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--adapter", paramLabel = "DIR", description = "a LoRA adapter in PEFT's format")
  private @Nullable Path adapter;

  @Override
  public void run() {
    try (LocalModel open = model.open();
        LoraAdapter lora = open.adapter(adapter)) {
      rows.transform("logprobs", new LogProbsTool(open, lora), spec.commandLine().getOut());
    }
  }
}
