package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import malt.MaltException;
import malt.nano.NanoPretraining;
import malt.nano.NanoRecipe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few steps of each phase of the shipped recipe. */
class PretrainingTest {
  @TempDir private static Path folder;
  private static byte[] whole;

  /** What a killed process does not catch. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static NanoRecipe recipe(double habit) throws IOException {
    String yaml =
        Files.readString(Path.of("../models/nano/recipe.yaml"))
            .replaceAll("( documents: ).*", "$132")
            .replaceAll("batch_documents: .*", "batch_documents: 8")
            .replaceAll("warm_up_steps: .*", "warm_up_steps: 2")
            .replaceAll("forgotten_carry: 0.95", "forgotten_carry: " + habit);
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(file, yaml);
    return NanoRecipe.read(file);
  }

  private static byte[] weights(Path out) throws IOException {
    return Files.readAllBytes(out.resolve("model.safetensors"));
  }

  @BeforeAll
  static void train() throws IOException {
    List<String> steps = new ArrayList<>();
    NanoPretraining.run(
        recipe(0.95),
        folder.resolve("whole"),
        (phase, step) -> steps.add(phase.name() + step.step()));
    assertThat(steps)
        .containsExactly(
            "skills1", "skills2", "skills3", "skills4", "habit1", "habit2", "habit3", "habit4");
    whole = weights(folder.resolve("whole"));
    assertThat(folder.resolve("whole/config.json"))
        .hasSameTextualContentAs(Path.of("../models/nano/config.json"));
  }

  /** Stops at a step, kindly or not. */
  private static void stop(Path out, String phase, int step, boolean kindly) {
    assertThatThrownBy(
            () ->
                NanoPretraining.run(
                    recipe(0.95),
                    out,
                    (its, taken) -> {
                      if (its.name().equals(phase) && taken.step() == step) {
                        if (!kindly) {
                          throw new Killed();
                        }
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(kindly ? MaltException.class : Killed.class);
    assertThat(Thread.interrupted()).isEqualTo(kindly);
    assertThat(out.resolve("model.safetensors")).doesNotExist();
  }

  @Test
  void who_was_stopped_again_and_again_ends_with_the_same_weights() throws IOException {
    Path out = folder.resolve("stopped");
    stop(out, "skills", 2, true);
    stop(out, "skills", 4, false);
    stop(out, "skills", 3, true);
    stop(out, "habit", 1, false);
    stop(out, "habit", 3, true);
    List<String> steps = new ArrayList<>();
    NanoPretraining.run(recipe(0.95), out, (phase, step) -> steps.add(phase.name() + step.step()));
    assertThat(steps).containsExactly("habit4");
    assertThat(weights(out)).isEqualTo(whole);
    try (Stream<Path> kept = Files.list(out.resolve("phases"))) {
      assertThat(kept.map(path -> path.getFileName().toString()))
          .hasSize(2)
          .allMatch(name -> name.endsWith(".safetensors"));
    }
  }

  @Test
  void a_recipe_takes_over_the_phases_it_shares_with_another() throws IOException {
    Path out = folder.resolve("changed");
    stop(out, "habit", 2, true);
    List<String> steps = new ArrayList<>();
    NanoPretraining.run(recipe(0), out, (phase, step) -> steps.add(phase.name() + step.step()));
    assertThat(steps).containsExactly("habit1", "habit2", "habit3", "habit4");
    assertThat(weights(out)).isNotEqualTo(whole);
  }
}
