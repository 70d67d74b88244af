package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Home;
import malt.app.tool.RenderTool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "render",
    description = {
      "Lays chat messages out by a model's template.",
      "Reads JSON lines {\"messages\", \"add_generation_prompt\"} and writes " + "{\"text\"}."
    })
final class RenderCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RowOptions rows = new RowOptions();
  @Mixin private TemplateOptions template = new TemplateOptions();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a model directory; its chat template is read")
  private Path model = Path.of("");

  @Override
  public void run() {
    RenderTool tool = new RenderTool(Home.resolve(model), template.told());
    rows.transform("render", tool, spec.commandLine().getOut());
  }
}
