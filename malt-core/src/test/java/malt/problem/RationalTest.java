package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RationalTest {
  @Test
  void a_mean_in_which_doubles_would_round_is_exact() {
    double inDoubles = (5 / 6.0 + 1 / 2.0 + 1 / 6.0) / 3;
    assertThat(inDoubles).isGreaterThan(0.5); // it would be labelled correct
    Rational mean = Rational.mean(List.of(Rational.of(5, 6), Rational.of(1, 2), Rational.of(1, 6)));
    assertThat(mean).isEqualTo(Rational.of(1, 2));
    assertThat(mean.doubleValue()).isEqualTo(0.5);
  }

  @Test
  void equal_values_are_equal_in_lowest_terms() {
    assertThat(Rational.of(6, 9)).isEqualTo(Rational.of(2, 3)).hasToString("2/3");
    assertThat(Rational.of(0, 9)).isEqualTo(Rational.ZERO).hasToString("0");
    assertThat(Rational.of(9, 9)).isEqualTo(Rational.ONE);
  }

  @Test
  void the_double_is_the_nearest_one() {
    assertThat(Rational.of(2, 3).doubleValue()).isEqualTo(2.0 / 3.0);
    assertThat(Rational.of(3, 5).doubleValue()).isEqualTo(0.6);
  }

  @Test
  void a_denominator_must_not_be_zero() {
    assertThatThrownBy(() -> Rational.of(1, 0)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void a_negative_denominator_is_the_numerators_sign() {
    assertThat(Rational.of(1, -2)).isEqualTo(Rational.of(-1, 2)).hasToString("-1/2");
  }
}
