package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BlobsTest {
  @Test
  void small_token_ids_take_two_little_endian_bytes() {
    assertThat(Blobs.ofInts(new int[] {1, 0x0203, 0xFFFF}))
        .containsExactly(2, 1, 0, 3, 2, 0xFF, 0xFF);
    assertThat(Blobs.ints(Blobs.ofInts(new int[] {1, 0x0203, 0xFFFF})))
        .containsExactly(1, 0x0203, 0xFFFF);
  }

  @Test
  void large_token_ids_take_four() {
    assertThat(Blobs.ofInts(new int[] {0x1_0000})).containsExactly(4, 0, 0, 1, 0);
    assertThat(Blobs.ints(Blobs.ofInts(new int[] {-7, 128_009}))).containsExactly(-7, 128_009);
  }

  @Test
  void no_ids_stay_no_ids() {
    assertThat(Blobs.ints(Blobs.ofInts(new int[0]))).isEmpty();
    assertThat(Blobs.floats(Blobs.ofFloats(new float[0]))).isEmpty();
  }

  @Test
  void log_probabilities_keep_every_bit() {
    float[] values = {-0.1f, 0f, -Float.MIN_VALUE, Float.NEGATIVE_INFINITY};
    assertThat(Blobs.floats(Blobs.ofFloats(values))).isEqualTo(values);
    assertThat(Blobs.ofFloats(new float[] {1f})).containsExactly(0, 0, 0x80, 0x3F);
  }

  @Test
  void a_checksum_sees_text_and_blobs() {
    long sum = Blobs.checksum("a", new byte[] {1, 2});
    assertThat(sum)
        .isNotEqualTo(Blobs.checksum("b", new byte[] {1, 2}))
        .isNotEqualTo(Blobs.checksum("a", new byte[] {1, 3}));
  }
}
