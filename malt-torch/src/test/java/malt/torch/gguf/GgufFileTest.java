package malt.torch.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import malt.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks as gguf's own package reads them; what is wrong with a file is said by name. */
class GgufFileTest {
  private static final int F32 = 0;
  private static final int IQ2_XXS = 16;

  @TempDir private Path folder;

  private static GgufFile blocks() throws URISyntaxException {
    return GgufFile.read(Path.of(GgufFileTest.class.getResource("/gguf/blocks.gguf").toURI()));
  }

  private static float[] numbers(GgufFile file, String name) {
    GgufFile.Tensor tensor = file.tensors().get(name);
    int count = (int) Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b);
    float[] numbers = new float[count];
    tensor
        .type()
        .widen(
            GgufModel.bytes(file.path(), tensor.begin(), tensor.end())
                .order(ByteOrder.LITTLE_ENDIAN),
            numbers,
            count);
    return numbers;
  }

  /** What src/test/parity/make_gguf_fixtures.py wrote, bit for bit. */
  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void random_blocks_of_every_type_widen_to_what_gguf_reads_in_them(GgufType type)
      throws URISyntaxException {
    GgufFile file = blocks();
    assertThat(file.tensors().get(type.name()).type()).isEqualTo(type);
    float[] expected = numbers(file, type.name() + ".expected");
    assertThat(numbers(file, type.name())).isEqualTo(expected);
    assertThat(expected).hasSizeGreaterThanOrEqualTo(8).contains(expected[1]);
  }

  /** A file of one tensor "w" of (2, 32) numbers and one key. */
  private static ByteBuffer sound() {
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.put("GGUF".getBytes(StandardCharsets.UTF_8)).putInt(3).putLong(1).putLong(1);
    text(file, "general.architecture").putInt(8);
    text(file, "llama");
    text(file, "w").putInt(2).putLong(32).putLong(2).putInt(F32).putLong(0);
    file.position((file.position() + 31) / 32 * 32 + 2 * 32 * 4);
    return file;
  }

  private static ByteBuffer text(ByteBuffer file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return file.putLong(bytes.length).put(bytes);
  }

  private Path written(ByteBuffer file) throws IOException {
    Path path = folder.resolve("model.gguf");
    Files.write(path, Arrays.copyOf(file.array(), file.position()));
    return path;
  }

  private void refused(ByteBuffer file, String... words) throws IOException {
    Path path = written(file);
    assertThatThrownBy(() -> GgufFile.read(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(path.toString())
        .message()
        .contains(words)
        .doesNotContain("\n");
  }

  private static int endOf(ByteBuffer file, String text) {
    return new String(file.array(), StandardCharsets.ISO_8859_1).indexOf(text) + text.length();
  }

  @Test
  void a_sound_file() throws IOException {
    GgufFile file = GgufFile.read(written(sound()));
    assertThat(file.metadata()).containsEntry("general.architecture", "llama");
    assertThat(file.tensors().get("w").shape()).containsExactly(2, 32);
    assertThat(file.tensors().get("w").end()).isEqualTo(Files.size(file.path()));
  }

  @Test
  void a_type_that_is_not_supported_is_named_with_its_tensor_and_what_to_do() throws IOException {
    ByteBuffer file = sound();
    file.putInt(endOf(file, "\1\0\0\0\0\0\0\0w") + 4 + 8 + 8, IQ2_XXS);
    refused(file, "tensor w", "IQ2_XXS", "Q4_K", "llama-quantize");
    file.putInt(endOf(file, "\1\0\0\0\0\0\0\0w") + 4 + 8 + 8, 999);
    refused(file, "tensor w", "number 999");
  }

  @Test
  void an_offset_a_shape_or_a_length_beyond_the_file() throws IOException {
    ByteBuffer file = sound();
    int tensor = endOf(file, "\1\0\0\0\0\0\0\0w");
    file.putLong(tensor + 4 + 8 + 8 + 4, 64);
    refused(file, "tensor w needs 256 bytes from byte 64", "incomplete");
    file.putLong(tensor + 4 + 8 + 8 + 4, Long.MIN_VALUE);
    refused(file, "tensor w begins at byte -9223372036854775808");
    file.putLong(tensor + 4 + 8 + 8 + 4, 4);
    refused(file, "no multiple of 32");
    file = sound();
    file.putLong(tensor + 4, Long.MAX_VALUE);
    refused(file, "tensor w has the shape [2, 9223372036854775807]");
    file.putInt(tensor, 77);
    refused(file, "tensor w has 77 dimensions");
    file = sound();
    file.putLong(8, 1L << 60);
    refused(file, "1152921504606846976 tensors");
    file = sound();
    file.putLong(16, -1);
    refused(file, "18446744073709551615 keys");
    file = sound();
    file.putLong(24, Integer.MAX_VALUE);
    refused(file, "a key of metadata at byte 32 needs 2147483647 bytes");
    file = sound();
    file.putInt(endOf(file, "general.architecture"), 77);
    refused(file, "general.architecture", "unknown type, 77");
  }

  @Test
  void another_kind_of_file() throws IOException {
    refused(ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)).position(2), "at byte 0");
    ByteBuffer file = sound();
    file.put(0, (byte) 'g');
    refused(file, "does not begin with GGUF");
    file = sound();
    file.putInt(4, Integer.reverseBytes(3));
    refused(file, "big-endian");
    file.putInt(4, 1);
    refused(file, "its version is 1");
  }

  @Test
  void five_thousand_mutated_files_are_read_or_refused() throws IOException, URISyntaxException {
    byte[] sound =
        Files.readAllBytes(Path.of(GgufFileTest.class.getResource("/gguf/tokenizer.gguf").toURI()));
    SplittableRandom random = new SplittableRandom(5);
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int at = random.nextInt(random.nextBoolean() ? 400 : bytes.length);
        bytes[at] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) (bytes[at] ^ 1 << random.nextInt(8));
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      Path file = Files.write(folder.resolve("m.gguf"), Arrays.copyOf(bytes, length));
      refused += refuses(file);
    }
    assertThat(refused).isBetween(1_000, 4_900); // many mutations hit a letter of a token
  }

  private static int refuses(Path file) {
    try {
      GgufFile.read(file);
      return 0;
    } catch (WeightsException e) {
      assertThat(e.getMessage()).isNotBlank();
      return 1;
    }
  }
}
