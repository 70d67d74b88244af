package malt.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import malt.app.run.Home;
import malt.nano.NanoPretraining;
import malt.nano.NanoRecipe;
import malt.training.TrainingStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the embedded base model from its recipe. */
@Command(
    name = "pretrain",
    description = {
      "Trains the embedded base model from its recipe, in some tens of minutes on 2 cores.",
      "Stopped, the same command goes on where it was."
    })
final class PretrainCommand implements Runnable {
  @Option(names = "--recipe", description = "the recipe; default: ${DEFAULT-VALUE}")
  private Path recipe = Path.of("models/nano/recipe.yaml");

  @Option(
      names = "--out",
      required = true,
      description = "the model directory to write: config, weights, tokenizer")
  private Path out = Path.of("");

  @Override
  public void run() {
    NanoRecipe made = NanoRecipe.read(Home.resolve(recipe));
    NanoPretraining.run(made, out, new Progress(made.phases()));
  }

  /** Shows a line every hundred steps; the time left is that of all phases. */
  private static final class Progress implements BiConsumer<NanoRecipe.Phase, TrainingStep> {
    private final List<NanoRecipe.Phase> phases;
    private final long start = System.nanoTime();
    private long documents;
    private long tokens;

    Progress(List<NanoRecipe.Phase> phases) {
      this.phases = phases;
    }

    @Override
    public void accept(NanoRecipe.Phase phase, TrainingStep step) {
      documents += phase.training().batchDocuments();
      tokens += step.tokens();
      if (step.step() % 100 == 0 || step.step() == step.steps()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "%s: step %d/%d  loss %.4f  %.0f tokens/s  %.0f s left%n",
            phase.name(),
            step.step(),
            step.steps(),
            step.metrics().get("loss"),
            tokens / seconds,
            seconds / documents * left(phase, step));
      }
    }

    /** Documents still to be read. */
    private long left(NanoRecipe.Phase phase, TrainingStep step) {
      long left = (long) (step.steps() - step.step()) * phase.training().batchDocuments();
      for (NanoRecipe.Phase later : phases.subList(phases.indexOf(phase) + 1, phases.size())) {
        left += later.training().documents();
      }
      return left;
    }
  }
}
