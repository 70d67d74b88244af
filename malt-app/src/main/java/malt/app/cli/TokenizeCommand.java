package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Home;
import malt.app.tool.TokenizeTool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "tokenize",
    description = {
      "Turns texts or chat messages into token ids.",
      "Reads JSON lines {\"text\"} or {\"messages\"} and writes {\"text\", \"ids\"}: "
          + "messages as the model is given them, a text as the tokenizer alone reads it."
    })
final class TokenizeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RowOptions rows = new RowOptions();
  @Mixin private TemplateOptions template = new TemplateOptions();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a model directory; its tokenizer and chat template are read")
  private Path model = Path.of("");

  @Option(
      names = "--add-special-tokens",
      description = "put the tokenizer's own tokens around a text, such as one at its beginning")
  private boolean addSpecialTokens;

  @Option(
      names = "--plain",
      description = "the name of a special token in a text is text, as it always is in messages")
  private boolean plain;

  @Override
  public void run() {
    try (TokenizeTool tool =
        new TokenizeTool(Home.resolve(model), template.told(), addSpecialTokens, plain)) {
      rows.transform("tokenize", tool, spec.commandLine().getOut());
    }
  }
}
