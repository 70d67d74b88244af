package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.app.tool.GenerateTool;
import malt.model.AdapterRef;
import malt.torch.local.LocalModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = {
      "Samples completions of prompts.",
      "Reads JSON lines {\"prompt\"} or {\"messages\"} and writes completions with ids, "
          + "log-probabilities and finish_reason. A row may set n, temperature, top_p, "
          + "max_tokens and seed for itself."
    })
final class GenerateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--adapter", paramLabel = "DIR", description = "a LoRA adapter in PEFT's format")
  private @Nullable Path adapter;

  @Option(names = "--n", description = "completions of a prompt; default: ${DEFAULT-VALUE}")
  private int n = 1;

  @Option(names = "--temperature", description = "0 is greedy; default: ${DEFAULT-VALUE}")
  private double temperature = 1.0;

  @Option(names = "--top-p", description = "nucleus in (0, 1]; default: ${DEFAULT-VALUE}")
  private double topP = 1.0;

  @Option(names = "--max-tokens", description = "of a completion; default: ${DEFAULT-VALUE}")
  private int maxTokens = 256;

  @Option(names = "--seed", description = "default: ${DEFAULT-VALUE}")
  private long seed = 0;

  @Option(
      names = "--batch-rows",
      description = "completions decoded together; default: ${DEFAULT-VALUE}")
  private int batchRows = 32;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "ends a completion and is not part of it; may be repeated")
  private List<String> stop = new ArrayList<>();

  @Override
  public void run() {
    GenerateTool.Defaults defaults =
        new GenerateTool.Defaults(n, temperature, topP, maxTokens, seed);
    AdapterRef ref = adapter == null ? AdapterRef.BASE : new AdapterRef("adapter", adapter);
    try (LocalModel open = model.open()) {
      GenerateTool tool = new GenerateTool(open, batchRows, ref, defaults, stop);
      rows.transform("generate", tool, spec.commandLine().getOut());
    }
  }
}
