package malt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaltExceptionTest {
  @Test
  void of_a_long_message_the_middle_is_left_out() {
    String name = "9".repeat(1_000_000);
    MaltException e = new MaltException("cannot read %s.json; name another".formatted(name));
    assertThat(e.getMessage())
        .hasSize(4_000)
        .startsWith("cannot read 999")
        .contains("9 [...] 9")
        .endsWith("9.json; name another");
    assertThat(new ConfigException(name, e).getMessage()).hasSize(4_000);
    assertThat(new MaltException("9".repeat(4_000))).hasMessage("9".repeat(4_000));
  }
}
