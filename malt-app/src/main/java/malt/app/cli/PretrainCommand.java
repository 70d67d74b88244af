package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Home;
import malt.nano.NanoPretraining;
import malt.nano.NanoRecipe;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the embedded base model from its recipe. */
@Command(
    name = "pretrain",
    description = "Trains the embedded base model from its recipe (about half an hour on 2 cores).")
final class PretrainCommand implements Runnable {
  @Option(names = "--recipe", description = "the recipe; default: ${DEFAULT-VALUE}")
  private Path recipe = Path.of("models/nano/recipe.yaml");

  @Option(
      names = "--out",
      required = true,
      description = "the model directory to write: config, weights, tokenizer")
  private Path out = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "goes on from the weights of an earlier phase instead of random ones")
  private @Nullable Path from;

  @Override
  public void run() {
    long start = System.nanoTime();
    long[] tokens = {0};
    NanoPretraining.run(
        NanoRecipe.read(Home.resolve(recipe)),
        from,
        out,
        step -> show(step, tokens, (System.nanoTime() - start) / 1e9));
  }

  private static void show(TrainingStep step, long[] tokens, double seconds) {
    tokens[0] += step.tokens();
    if (step.step() % 100 == 0 || step.step() == step.steps()) {
      System.out.printf(
          "step %d/%d  loss %.4f  %.0f tokens/s  %.0f s left%n",
          step.step(),
          step.steps(),
          step.metrics().get("loss"),
          tokens[0] / seconds,
          seconds / step.step() * (step.steps() - step.step()));
    }
  }
}
