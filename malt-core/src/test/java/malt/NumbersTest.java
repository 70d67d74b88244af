package malt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void large_numbers_are_rounded_to_their_unit() {
    assertThat(Numbers.rounded(999)).isEqualTo("999");
    assertThat(Numbers.rounded(1_000)).isEqualTo("1.0k");
    assertThat(Numbers.rounded(999_499)).isEqualTo("999k");
    assertThat(Numbers.rounded(999_500)).isEqualTo("1.0M");
    assertThat(Numbers.rounded(23_400_000_000L)).isEqualTo("23G");
    assertThat(Numbers.grouped(27_300)).isEqualTo("27,300");
  }

  @Test
  void durations_carry_over_at_sixty() {
    assertThat(Numbers.duration(59.4)).isEqualTo("59s");
    assertThat(Numbers.duration(59.6)).isEqualTo("1m 00s");
    assertThat(Numbers.duration(7_860)).isEqualTo("2h 11m");
  }

  @Test
  void a_difference_has_its_sign_and_zero_has_none() {
    assertThat(Numbers.points(0.0806)).isEqualTo("+8.1");
    assertThat(Numbers.points(-0.0041)).isEqualTo("−0.4");
    assertThat(Numbers.points(-0.0004)).isEqualTo("0.0");
  }

  @Test
  void a_small_p_is_never_shown_as_zero() {
    assertThat(Numbers.p(1e-30)).isEqualTo("<0.0001");
    assertThat(Numbers.p(0.00012)).isEqualTo("0.0001");
    assertThat(Numbers.p(0.0342)).isEqualTo("0.034");
    assertThat(Numbers.p(0.999)).isEqualTo("1.00");
  }

  @Test
  void a_relative_change_has_its_sign() {
    assertThat(Numbers.relative(0.2065)).isEqualTo("+20.7 %");
    assertThat(Numbers.relative(-0.2)).isEqualTo("−20.0 %");
  }
}
