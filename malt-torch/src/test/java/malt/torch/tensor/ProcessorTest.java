package malt.torch.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private static Processor intel(String flags) {
    return Processor.of(List.of("vendor_id\t: GenuineIntel", "flags\t\t: " + flags));
  }

  @Test
  void a_description_names_the_processor_and_the_vector_units_that_matter() {
    Processor processor =
        Processor.of(
            List.of(
                "processor\t: 0",
                "vendor_id\t: AuthenticAMD",
                "model name\t: AMD EPYC 7763 64-Core Processor ",
                "flags\t\t: fma sse avx2 avx512_fp16",
                "",
                "power management:"));
    assertThat(processor.vendor()).isEqualTo("AuthenticAMD");
    assertThat(processor.describe())
        .matches("AMD EPYC 7763 64-Core Processor, \\d+ processors, avx2 fma");
    assertThat(Processor.of(List.of()).describe()).endsWith("no vector units known");
  }

  @Test
  void units_for_16_bits_are_found_under_the_names_of_each_maker() {
    assertThat(intel("avx512f avx512_bf16").hasBfloat16()).isTrue();
    assertThat(Processor.of(List.of("Features\t: fp asimd bf16")).hasBfloat16()).isTrue();
    assertThat(intel("avx512f avx512_fp16").hasBfloat16()).isFalse();
  }

  @Test
  void intels_units_for_16_bits_are_the_slower_ones_without_amx() {
    assertThat(intel("avx2 avx512_bf16 sse").prefersFloat32()).isTrue();
    assertThat(intel("avx512_bf16 amx_bf16").prefersFloat32()).isFalse();
    assertThat(intel("avx512f").prefersFloat32()).isFalse();
    assertThat(
            Processor.of(List.of("vendor_id\t: AuthenticAMD", "flags\t\t: avx512_bf16"))
                .prefersFloat32())
        .isFalse();
    assertThat(Processor.of(List.of("Features\t: fp asimd bf16")).prefersFloat32()).isFalse();
  }
}
