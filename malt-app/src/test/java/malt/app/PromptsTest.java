package malt.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.ReferenceData;
import malt.agent.PromptTemplate;
import malt.experiment.ExperimentConfig;
import malt.experiment.Teams;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped prompts under the tokenizers and chat templates of the models they are for. */
class PromptsTest {
  private static final String QUESTION = "How many pens are 3 pens and 4 pens?";

  static Stream<Arguments> promptsAndModels() {
    return Stream.of("gsm8k", "math", "csqa")
        .flatMap(
            benchmark ->
                Stream.of("llama3.2", "qwen2.5").map(model -> Arguments.of(benchmark, model)));
  }

  @ParameterizedTest
  @MethodSource("promptsAndModels")
  void every_prompt_shows_the_question_and_the_very_ids_of_what_was_said(
      String benchmark, String model) {
    for (String layout : List.of("per-role", "shared-prefix")) {
      Map<String, PromptTemplate> prompts = prompts(benchmark, layout);
      try (Encoder encoder = new Encoder(model)) {
        Map<String, Completion> said = new LinkedHashMap<>();
        for (String role : List.of("generator", "verifier", "refiner")) {
          int[] ids = encoder.encode(prompts.get(role), said);
          assertThat(encoder.tokenizer.decode(ids)).contains(QUESTION);
          said.values().forEach(earlier -> assertContains(ids, earlier.ids()));
          said.put(role, encoder.completion("The " + role + " says 3 + 4 = 7."));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("promptsAndModels")
  void in_the_shared_layout_a_later_prompt_begins_with_the_earlier_one(
      String benchmark, String model) {
    Map<String, PromptTemplate> prompts = prompts(benchmark, "shared-prefix");
    try (Encoder encoder = new Encoder(model)) {
      Completion answer = encoder.completion("3 + 4 = 7\nFinal Answer: 7");
      Completion critique = encoder.completion("Every step holds.");
      int[] generator = encoder.encode(prompts.get("generator"), Map.of());
      int[] verifier = encoder.encode(prompts.get("verifier"), Map.of("generator", answer));
      int[] refiner =
          encoder.encode(prompts.get("refiner"), Map.of("generator", answer, "verifier", critique));
      assertThat(verifier).startsWith(generator);
      assertThat(refiner).startsWith(verifier);
    }
  }

  private static Map<String, PromptTemplate> prompts(String benchmark, String layout) {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("configs/nano.yaml"))) {
      directory = directory.getParent();
    }
    ExperimentConfig preset =
        ExperimentConfig.read(
            List.of(
                directory.resolve("configs/%s-llama-3.1-8b.yaml".formatted(benchmark)),
                directory.resolve("configs/prompts/%s-%s.yaml".formatted(benchmark, layout))),
            List.of());
    Map<String, PromptTemplate> prompts = new LinkedHashMap<>();
    Teams.untrained(preset).agents().forEach(agent -> prompts.put(agent.turn(), agent.prompt()));
    return prompts;
  }

  private static void assertContains(int[] ids, int[] inner) {
    boolean found = false;
    for (int from = 0; from + inner.length <= ids.length; from++) {
      found |= Arrays.equals(ids, from, from + inner.length, inner, 0, inner.length);
    }
    assertThat(found).as("%s in %s", Arrays.toString(inner), Arrays.toString(ids)).isTrue();
  }

  /** A model's tokenizer and template. */
  private static final class Encoder implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final PromptEncoder encoder;

    Encoder(String model) {
      Path directory = ReferenceData.tokenizer(model);
      this.tokenizer = Tokenizer.load(directory);
      this.encoder = new PromptEncoder(tokenizer, ChatTemplate.load(directory));
    }

    int[] encode(PromptTemplate template, Map<String, Completion> said) {
      return encoder.encode(template.fill(QUESTION, said));
    }

    Completion completion(String text) {
      int[] ids = tokenizer.encodeContinuation(text);
      return new Completion(
          text, new int[0], ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 1);
    }

    @Override
    public void close() {
      tokenizer.close();
    }
  }
}
