package malt.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FractionTest {
  @Test
  void a_mean_in_which_doubles_would_round_is_exact() {
    double inDoubles = (5 / 6.0 + 1 / 2.0 + 1 / 6.0) / 3;
    assertThat(inDoubles).isGreaterThan(0.5); // it would be labelled correct
    Fraction mean = Fraction.mean(List.of(Fraction.of(5, 6), Fraction.of(1, 2), Fraction.of(1, 6)));
    assertThat(mean).isEqualTo(Fraction.of(1, 2));
    assertThat(mean.doubleValue()).isEqualTo(0.5);
  }

  @Test
  void equal_values_are_equal_in_lowest_terms() {
    assertThat(Fraction.of(6, 9)).isEqualTo(Fraction.of(2, 3)).hasToString("2/3");
    assertThat(Fraction.of(0, 9)).isEqualTo(Fraction.ZERO).hasToString("0");
    assertThat(Fraction.of(9, 9)).isEqualTo(Fraction.ONE);
  }

  @Test
  void the_double_is_the_nearest_one() {
    assertThat(Fraction.of(2, 3).doubleValue()).isEqualTo(2.0 / 3.0);
    assertThat(Fraction.of(3, 5).doubleValue()).isEqualTo(0.6);
  }

  @Test
  void a_denominator_must_be_positive() {
    assertThatThrownBy(() -> Fraction.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
