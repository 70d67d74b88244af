package malt.torch.text;

import static malt.torch.text.SmallTokenizer.ABC;
import static malt.torch.text.SmallTokenizer.EOS;
import static malt.torch.text.SmallTokenizer.OPEN;
import static malt.torch.text.SmallTokenizer.TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import malt.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir Path directory;

  private Tokenizer tokenizer() throws IOException {
    return Tokenizer.load(SmallTokenizer.write(directory, TEMPLATE));
  }

  @Test
  void bytes_are_merged_in_order() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.encode("abcx")).containsExactly(ABC, 'x');
      assertThat(tokenizer.encode("é")).containsExactly(0xc3, 0xa9);
    }
  }

  @Test
  void a_special_name_is_special_in_a_template_only() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.encodeTemplate("abc<|eos|>")).containsExactly(ABC, EOS);
      assertThat(tokenizer.encode("abc<|eos|>"))
          .containsExactly(ABC, OPEN, 'e', 'o', 's', '|', '>');
    }
  }

  @Test
  void a_name_half_written_by_the_template_is_text() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      List<TextSpan> spans =
          List.of(
              new TextSpan("<|eos|>", true),
              new TextSpan("<|eo", true),
              new TextSpan("s|>", false));
      assertThat(tokenizer.encode(spans)).containsExactly(EOS, OPEN, 'e', 'o', 's', '|', '>');
    }
  }

  @Test
  void bordering_spans_are_merged_as_one_text() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      List<TextSpan> spans = List.of(new TextSpan("xab", true), new TextSpan("c", false));
      assertThat(tokenizer.encode(spans)).containsExactly('x', ABC);
      List<TextSpan> guarded = List.of(new TextSpan("xab", true), new TextSpan("c<|eos|>", false));
      assertThat(tokenizer.encode(guarded))
          .containsExactly('x', ABC, OPEN, 'e', 'o', 's', '|', '>');
    }
  }

  @Test
  void any_text_comes_back_whole() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    try (Tokenizer tokenizer = tokenizer()) {
      for (int round = 0; round < 200; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
          int c =
              random.nextInt(4) == 0 ? random.nextInt(0x1f000, 0x1f700) : random.nextInt(1, 300);
          text.appendCodePoint(c);
          if (random.nextInt(8) == 0) {
            text.append(SmallTokenizer.SPECIALS.get(random.nextInt(4)));
          }
        }
        int[] ids = tokenizer.encode(text.toString());
        assertThat(tokenizer.decode(ids)).isEqualTo(text.toString());
        assertThat(Arrays.stream(ids)).allMatch(id -> id < SmallTokenizer.BOS);
      }
    }
  }

  @Test
  void a_long_text_is_not_cut() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.encode("x".repeat(5000))).hasSize(5000);
    }
  }

  @Test
  void half_a_surrogate_pair_becomes_the_replacement_character() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.encode("a\ud83d"))
          .isEqualTo(tokenizer.encode("a\ufffd"))
          .hasSize(1 + "\ufffd".getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void decoding_leaves_special_tokens_out() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.decode(new int[] {SmallTokenizer.BOS, ABC, EOS})).isEqualTo("abc");
    }
  }

  @Test
  void end_of_text_ids_come_from_the_generation_config_first() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.eosIds()).containsExactly(261, 262);
      assertThat(tokenizer.padId()).isEqualTo(261);
      assertThat(tokenizer.bosId()).hasValue(SmallTokenizer.BOS);
      assertThat(tokenizer.vocabularySize()).isEqualTo(264);
    }
    Files.delete(directory.resolve("generation_config.json"));
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.eosIds()).containsExactly(261);
    }
    Files.delete(directory.resolve("tokenizer_config.json"));
    Files.writeString(directory.resolve("config.json"), "{\"eos_token_id\": 263}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.eosIds()).containsExactly(263);
    }
    Files.delete(directory.resolve("config.json"));
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThatThrownBy(tokenizer::eosIds)
          .isInstanceOf(MalformedDataException.class)
          .hasMessageContaining("eos_token_id");
    }
  }

  @Test
  void several_threads_get_the_same_ids_as_one() throws Exception {
    try (Tokenizer tokenizer = tokenizer()) {
      String text = "abc <|eos|> abcabc";
      // "a b" and "ab c" come before "Ġ a", so the spaces stand alone.
      int[] expected = {ABC, ' ', OPEN, 'e', 'o', 's', '|', '>', ' ', ABC, ABC};
      ExecutorService threads = Executors.newFixedThreadPool(4);
      Callable<Boolean> task =
          () -> {
            for (int i = 0; i < 300; i++) {
              assertThat(tokenizer.encode(text)).isEqualTo(expected);
            }
            return true;
          };
      for (var result : threads.invokeAll(List.of(task, task, task, task))) {
        assertThat(result.get()).isTrue();
      }
      threads.shutdown();
    }
  }

  @Test
  void a_missing_or_broken_file_is_named() throws IOException {
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("tokenizer.json");
    Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": 3}");
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("tokenizer.json");
    Files.writeString(directory.resolve("tokenizer.json"), "{");
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("is not JSON");
  }
}
