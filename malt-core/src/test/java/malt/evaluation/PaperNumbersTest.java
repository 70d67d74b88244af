package malt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import malt.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperNumbersTest {
  /** The gains stand in the paper's text, not in its table. */
  @ParameterizedTest
  @CsvSource({"math, 0.1566", "csqa, 0.0940", "gsm8k, 0.0742"})
  void the_relative_gains_over_a_single_agent_are_those_the_paper_names(
      String benchmark, double gain) {
    var methods = PaperNumbers.of(benchmark + "-llama-3.1-8b-instruct").methods();
    double single = methods.get("SA").accuracy();
    assertThat(methods.get("MALT+MV").accuracy() / single - 1).isCloseTo(gain, within(0.00005));
  }

  @Test
  void every_title_of_the_main_table_has_its_ten_rows_with_their_deviation() {
    for (String title : PaperNumbers.titles().subList(0, 4)) {
      assertThat(PaperNumbers.of(title).methods().values())
          .filteredOn(published -> published.deviation() != null)
          .hasSize(10);
    }
    assertThat(PaperNumbers.of("gsm8k-qwen2.5-1.5b-base").methods()).doesNotContainKey("debate");
    assertThat(PaperNumbers.of("gsm-symbolic-p1-llama-3.1-8b-instruct").methods())
        .containsOnlyKeys("SA", "MALT+MV");
    assertThat(PaperNumbers.of("").methods()).isEmpty();
  }

  @Test
  void every_row_is_a_row_of_our_table() {
    EvaluatedTeam full = Toy.malt("joint", "", true);
    List<EvaluatedTeam> teams =
        List.of(
            Toy.BASE,
            Toy.star("star", ""),
            full,
            Toy.studied(full, Study.untrained(Toy.TURNS, "generator")),
            Toy.studied(full, Study.untrained(Toy.TURNS, "verifier")),
            Toy.studied(full, Study.untrained(Toy.TURNS, "refiner")),
            Toy.studied(full, Study.silenced(Toy.TURNS, 1)),
            new EvaluatedTeam(Meaning.debate(3, ""), List.of(), false));
    List<String> ours = PaperTable.methods(teams, 3).stream().map(Method::name).toList();
    assertThat(PaperNumbers.of("math-llama-3.1-8b-instruct").methods().keySet())
        .containsExactlyInAnyOrderElementsOf(ours);
  }

  @Test
  void a_title_that_is_none_is_named_with_those_that_are() {
    assertThatThrownBy(() -> PaperNumbers.of("aime"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'aime'; known: gsm8k-llama-3.1-8b-instruct");
  }
}
