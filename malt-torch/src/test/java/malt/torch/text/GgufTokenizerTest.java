package malt.torch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.MalformedDataException;
import malt.WeightsException;
import malt.model.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer out of a GGUF file's metadata, against the library that it was made with. */
class GgufTokenizerTest {
  @TempDir private Path folder;

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(GgufTokenizerTest.class.getResource("/gguf/" + name).toURI());
  }

  @Test
  void byte_level_bpe_gives_the_ids_of_the_tokenizer_that_the_file_was_made_of()
      throws IOException, URISyntaxException {
    JsonNode expected = new ObjectMapper().readTree(resource("tokenizer.json").toFile());
    int begin = expected.path("begin").asInt();
    Path model = Files.copy(resource("tokenizer.gguf"), folder.resolve("model.gguf"));
    for (Path path : List.of(model, folder)) {
      try (Tokenizer tokenizer = Tokenizer.load(path)) {
        for (JsonNode each : expected.path("cases")) {
          int[] ids = new ObjectMapper().convertValue(each.path("ids"), int[].class);
          String text = each.path("text").asText();
          assertThat(tokenizer.encode(text)).isEqualTo(ids);
          assertThat(tokenizer.encodeDocument(text)).startsWith(begin).endsWith(ids);
          assertThat(tokenizer.decode(ids)).isEqualTo(text);
        }
        assertThat(tokenizer.encode("<|end|>")).hasSizeGreaterThan(1).doesNotContain(begin + 1);
        assertThat(tokenizer.encodeTemplate("<|end|>")).containsExactly(begin + 1);
        assertThat(tokenizer.eosIds()).containsExactly(begin + 1);
        assertThat(tokenizer.bosId()).hasValue(begin);
        ChatTemplate template = ChatTemplate.load(path);
        assertThat(template.render(List.of(Message.of(Message.Role.USER, "Hi")), true))
            .isEqualTo("Hi<|end|>");
      }
    }
  }

  @Test
  void what_cannot_be_told_from_metadata_asks_for_the_file_beside_it()
      throws IOException, URISyntaxException {
    Path model = folder.resolve("model.gguf");
    byte[] bytes = Files.readAllBytes(resource("tokenizer.gguf"));
    Files.write(model, replaced(bytes, "gpt2", "bert"));
    refused(model, "(bert); put the model's tokenizer.json");
    Files.write(model, replaced(bytes, "tokenizer.ggml.pre", "tokenizer.ggml.prx"));
    refused(model, "has no tokenizer.ggml.pre; put");
    Files.copy(model, folder.resolve("second.gguf"));
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("2 GGUF files (model.gguf, second.gguf)");
  }

  private static void refused(Path model, String words) {
    assertThatThrownBy(() -> Tokenizer.load(model))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(model.toString())
        .hasMessageContaining(words);
  }

  private static byte[] replaced(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
