package malt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import malt.ConfigException;
import org.junit.jupiter.api.Test;

class MethodTest {
  private static final EvaluatedTeam FULL = Toy.malt("joint", "", true);
  private static final List<Method> ALL =
      PaperTable.methods(
          List.of(
              Toy.BASE,
              FULL,
              Toy.studied(FULL, Study.silenced(Toy.TURNS, 1)),
              Toy.studied(FULL, Study.untrained(Toy.TURNS, "verifier"))),
          3);

  private static List<String> choose(String names) {
    return Method.named(ALL, names).stream().map(Method::name).toList();
  }

  @Test
  void rows_come_in_the_order_of_the_table_and_once() {
    assertThat(choose("MALT+MV, SA,MA+MV,SA")).containsExactly("SA", "MA+MV", "MALT+MV");
  }

  @Test
  void a_name_may_hold_a_comma() {
    assertThat(choose("MALT+MV, untrained verifier"))
        .containsExactly("MALT+MV, untrained verifier");
    assertThat(choose("SA,MALT+MV,MALT+MV, G+R,MALT+MV,G"))
        .containsExactly("SA", "MALT+MV", "MALT+MV, G", "MALT+MV, G+R");
  }

  @Test
  void an_unknown_name_is_named_with_those_that_are_known() {
    assertThatThrownBy(() -> choose("SA,MALT+MW"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no row 'MALT+MW'; known here: SA; SA+MV; MA; MA+MV; MALT;");
    assertThatThrownBy(() -> choose("SA,")).hasMessageContaining("there is no row ''");
  }
}
