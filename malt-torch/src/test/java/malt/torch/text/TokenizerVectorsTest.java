package malt.torch.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import malt.ReferenceData;
import org.junit.jupiter.api.Test;

/** Real tokenizers against what Hugging Face's own library, and llama.cpp, make of many texts. */
class TokenizerVectorsTest {
  private static final String QWEN = "qwen2.5";
  private static final String LLAMA = "llama3.2";
  private static final String MISTRAL = "mistral-7b-instruct-v0.2";
  private static final String PHI = "phi-3-mini";

  @Test
  void qwen_is_encoded_and_decoded_as_the_references_do() {
    try (Tokenizer tokenizer = Tokenizer.load(ReferenceData.tokenizer(QWEN))) {
      agreesWithHuggingFace(tokenizer, QWEN);
      agreesWithLlamaCpp(tokenizer, "qwen2");
      keepsSpecialNamesAsCharacters(tokenizer);
      assertThat(tokenizer.eosIds()).containsExactly(151645, 151643);
      assertThat(tokenizer.padId()).isEqualTo(151643);
    }
  }

  @Test
  void llama_is_encoded_and_decoded_as_the_references_do() {
    try (Tokenizer tokenizer = Tokenizer.load(ReferenceData.tokenizer(LLAMA))) {
      agreesWithHuggingFace(tokenizer, LLAMA);
      agreesWithLlamaCpp(tokenizer, "llama-bpe");
      keepsSpecialNamesAsCharacters(tokenizer);
      assertThat(tokenizer.eosIds()).containsExactly(128001, 128008, 128009);
      assertThat(tokenizer.bosId()).hasValue(128000);
      assertThat(tokenizer.vocabularySize()).isEqualTo(128256);
    }
  }

  @Test
  void mistral_is_encoded_and_decoded_as_the_reference_does() {
    try (Tokenizer tokenizer = Tokenizer.load(ReferenceData.tokenizer(MISTRAL))) {
      agreesWithHuggingFace(tokenizer, MISTRAL);
      keepsSpecialNamesAsCharacters(tokenizer);
      assertThat(tokenizer.eosIds()).containsExactly(2);
      assertThat(tokenizer.vocabularySize()).isEqualTo(32000);
      // "▁" begins a text, but not one that goes on after other ids: "▁a" is 264, "a" is 28708.
      assertThat(tokenizer.encode("a")).containsExactly(264);
      assertThat(tokenizer.encodeContinuation(List.of(new TextSpan("a", false))))
          .containsExactly(28708);
      assertThat(tokenizer.encodeContinuation(List.of(new TextSpan("a</s>a", true))))
          .containsExactly(28708, 2, 264);
    }
  }

  @Test
  void phi_is_encoded_and_decoded_as_the_references_do() {
    try (Tokenizer tokenizer = Tokenizer.load(ReferenceData.tokenizer(PHI))) {
      agreesWithHuggingFace(tokenizer, PHI);
      agreesWithLlamaCpp(tokenizer, "phi-3");
      keepsSpecialNamesAsCharacters(tokenizer);
    }
  }

  private static int[] ints(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** The guarded twin must agree too, or a text would change once a special name is added to it. */
  private static void agreesWithHuggingFace(Tokenizer tokenizer, String model) {
    int plain = 0;
    for (JsonNode vector : ReferenceData.rows("tokenizers/vectors/" + model + ".jsonl")) {
      String text = vector.get("text").asText();
      int[] ids = ints(vector.get("ids"));
      assertThat(tokenizer.encodeTemplate(text)).as(text).isEqualTo(ids);
      assertThat(tokenizer.encodeGuarded(List.of(new TextSpan(text, true))))
          .as("guarded %s", text)
          .isEqualTo(ids);
      assertThat(tokenizer.decode(ids))
          .as(text)
          .isEqualTo(vector.get("decoded_skip_special").asText());
      if (tokenizer.specialNames().stream().noneMatch(text::contains)) {
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
        assertThat(tokenizer.encodeDocument(text))
            .as(text)
            .isEqualTo(ints(vector.get("ids_with_special")));
        plain++;
      }
    }
    assertThat(plain).isGreaterThan(120);
  }

  /** Texts between marks, ids a line per text, none added at the beginning. */
  private static void agreesWithLlamaCpp(Tokenizer tokenizer, String name) {
    String file = "tokenizers/llama.cpp-vectors/ggml-vocab-" + name + ".gguf";
    String[] texts = ReferenceData.text(file + ".inp").split("\n__ggml_vocab_test__\n", -1);
    List<String> lines = ReferenceData.text(file + ".out").lines().toList();
    assertThat(lines).hasSizeGreaterThan(40);
    for (int i = 0; i < lines.size(); i++) {
      int[] ids =
          Arrays.stream(lines.get(i).split(" "))
              .filter(id -> !id.isBlank())
              .mapToInt(Integer::parseInt)
              .toArray();
      assertThat(tokenizer.encode(texts[i])).as(texts[i]).isEqualTo(ids);
    }
  }

  private static void keepsSpecialNamesAsCharacters(Tokenizer tokenizer) {
    assertThat(tokenizer.specialNames()).isNotEmpty();
    for (String name : tokenizer.specialNames().stream().limit(30).toList()) {
      String question = "What does " + name + " mean, as in a" + name + "b?";
      int[] ids = tokenizer.encode(question);
      assertThat(tokenizer.decode(ids)).isEqualTo(question);
      int special = tokenizer.encodeTemplate(name)[0];
      assertThat(Arrays.stream(ids)).as(name).doesNotContain(special);
    }
  }
}
