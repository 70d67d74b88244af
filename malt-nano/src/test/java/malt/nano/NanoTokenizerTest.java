package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import malt.problem.TaskVariant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NanoTokenizerTest {
  private final NanoRecipe recipe = NanoRecipe.read(Path.of("../models/nano/recipe.yaml"));
  private HuggingFaceTokenizer tokenizer;

  @BeforeAll
  void load(@TempDir Path folder) throws IOException {
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    NanoTokenizer.write(folder, recipe.model().maxPositions());
    tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(folder)
            .optTruncation(false)
            .optPadding(false)
            .build();
  }

  @AfterAll
  void close() {
    tokenizer.close();
  }

  private List<Long> encode(String text) {
    List<Long> ids = new ArrayList<>();
    for (long id : tokenizer.encode(text, false, false).getIds()) {
      ids.add(id);
    }
    return ids;
  }

  @Test
  void specials_have_the_first_ids() {
    assertThat(encode("<|pad|><|bos|><|eos|><|user|><|assistant|>"))
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(NanoTokenizer.size()).isEqualTo(335);
  }

  @Test
  void the_shipped_tokenizer_is_what_this_code_writes(@TempDir Path folder) throws IOException {
    NanoTokenizer.write(folder, recipe.model().maxPositions());
    for (String file :
        List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json")) {
      assertThat(Path.of("../models/nano", file)).hasSameTextualContentAs(folder.resolve(file));
    }
  }

  @Test
  void every_word_of_the_corpus_is_one_token_below_the_vocabularys_size() {
    NanoCorpus corpus = new NanoCorpus(recipe, recipe.phases().get(1), 5);
    Set<String> words = new TreeSet<>();
    for (int index = 0; index < 1_000; index++) {
      String text = corpus.document(index).text().replaceAll("<\\|\\w+\\|>", "\n");
      Pattern.compile(" ?\\p{L}+|####").matcher(text).results().forEach(w -> words.add(w.group()));
    }
    assertThat(words).contains("Eva", " stamps", " times", "Looks", " wrong", "Keep", "Others");
    for (String word : words) {
      assertThat(encode(word)).as(word).hasSize(1);
      assertThat(encode(word).get(0)).isBetween(5L, NanoTokenizer.size() - 1L);
    }
  }

  @Test
  void sentences_of_every_task_are_made_of_the_words_of_pretraining() {
    for (TaskVariant variant : TaskVariant.values()) {
      for (WordProblem problem :
          new WordProblems(recipe.problems(), variant).list(Split.DEV, 300, 1)) {
        Pattern.compile(NanoTokenizer.PRE_TOKEN)
            .matcher(problem.question())
            .results()
            .forEach(word -> assertThat(encode(word.group())).as(word.group()).hasSize(1));
      }
    }
  }

  /** The lengths that docs/nano.md states. */
  @Test
  void documents_have_about_130_tokens_and_fit_the_model() {
    List<Integer> conversations = new ArrayList<>();
    List<Integer> debates = new ArrayList<>();
    List<Integer> drills = new ArrayList<>();
    NanoCorpus corpus = new NanoCorpus(recipe, recipe.phases().get(1), 8);
    for (int index = 0; index < 1_000; index++) {
      String text = corpus.document(index).text();
      int tokens = encode(text).size();
      assertThat(tokens).isLessThan(340).isLessThan(recipe.model().maxPositions());
      if (text.contains(Critic.REQUEST)) {
        conversations.add(tokens);
      } else {
        (text.contains("Solve again.") ? debates : drills).add(tokens);
      }
    }
    assertThat(mean(conversations)).isBetween(123.0, 143.0);
    assertThat(mean(drills)).isBetween(99.0, 119.0);
    assertThat(mean(debates)).isBetween(202.0, 232.0);
  }

  private static double mean(List<Integer> lengths) {
    return lengths.stream().mapToInt(Integer::intValue).average().orElseThrow();
  }

  @Test
  void segments_encoded_apart_equal_the_whole_document() {
    NanoCorpus corpus = new NanoCorpus(recipe, recipe.phases().get(1), 6);
    for (int index = 0; index < 200; index++) {
      Document document = corpus.document(index);
      List<Long> apart = new ArrayList<>();
      document.segments().forEach(segment -> apart.addAll(encode(segment.text())));
      assertThat(apart).isEqualTo(encode(document.text()));
      long[] ids = apart.stream().mapToLong(Long::longValue).toArray();
      assertThat(tokenizer.decode(ids, false)).isEqualTo(document.text());
    }
  }

  @Test
  void each_digit_is_one_token_and_the_space_before_it_another() {
    // 3 digits, "+", 3 digits; then space, "=" and a newline; then the mark, a space, 3 digits
    assertThat(encode("047+385")).hasSize(7);
    assertThat(encode(" 047")).hasSize(4);
    assertThat(encode("\n#### 332")).hasSize(6);
    assertThat(encode("047")).isEqualTo(encode(" 047").subList(1, 4));
  }

  @Test
  void any_text_round_trips() {
    List<String> texts =
        List.of(
            "caf\u00e9 na\u00efve \u00c5ngstr\u00f6m",
            "\ud83d\ude80\ud83d\udc69\u200d\ud83d\udcbb emoji",
            "\u0645\u0631\u062d\u0628\u0627 \u0661\u0662\u0663",
            "\u0301 lone \u0308marks\u0301",
            "\u0000\u0001\u0007\t\r\n\u001b\u007f\u0085",
            "  two  spaces \u00a0 and \u3000 wide ",
            "\u4f60\u597d \u0939\u093f \u0e44\u0e17\u0e22",
            "####  ## #####",
            "'s don't <| |> <|other|>");
    for (String text : texts) {
      long[] ids = encode(text).stream().mapToLong(Long::longValue).toArray();
      assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
    }
  }
}
