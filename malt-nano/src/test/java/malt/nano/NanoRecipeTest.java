package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import malt.ConfigException;
import org.junit.jupiter.api.Test;

class NanoRecipeTest {
  private static final Path SHIPPED = Path.of("../models/nano/recipe.yaml");

  private static String shipped() throws IOException {
    return Files.readString(SHIPPED);
  }

  @Test
  void the_shipped_recipe_is_sound() {
    NanoRecipe recipe = NanoRecipe.read(SHIPPED);
    assertThat(recipe.problems().benchmarkSteps()).isEqualTo(4);
    assertThat(recipe.critique().approval() + recipe.critique().vague()).isLessThan(0.5);
  }

  @Test
  void a_missing_an_unknown_and_a_repeated_field_are_errors() throws IOException {
    String missing = shipped().replaceFirst("(?m)^  flip:.*$", "");
    assertThatThrownBy(() -> NanoRecipe.parse(missing, "recipe.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("flip");
    String unknown = shipped().replaceFirst("(?m)^  flip:", "  flop: 0.1\n  flip:");
    assertThatThrownBy(() -> NanoRecipe.parse(unknown, "recipe.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("flop");
    String repeated = shipped().replaceFirst("(?m)^  flip:", "  slip: 0.5\n  flip:");
    assertThatThrownBy(() -> NanoRecipe.parse(repeated, "recipe.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("slip");
  }

  @Test
  void a_fraction_is_no_whole_number() throws IOException {
    String yaml = shipped().replaceFirst("digits: \\d", "digits: 2.7");
    assertThatThrownBy(() -> NanoRecipe.parse(yaml, "recipe.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("recipe.yaml:");
  }

  @Test
  void all_broken_rules_are_named_at_once() throws IOException {
    String yaml =
        shipped()
            .replaceFirst("digits: \\d", "digits: 5")
            .replaceFirst("approval: 0\\.\\d+", "approval: 0.95")
            .replaceFirst("name: skills", "name: habit")
            .replaceFirst("generator_share: 0\\.\\d+", "generator_share: 1.5")
            .replaceFirst("kv_heads: \\d+", "kv_heads: 2");
    assertThatThrownBy(() -> NanoRecipe.parse(yaml, "recipe.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("problems.digits")
        .hasMessageContaining("critique.approval + vague")
        .hasMessageContaining("phases must have names of their own")
        .hasMessageContaining("phase habit: corpus.generator_share")
        .hasMessageContaining("kv_heads");
  }
}
