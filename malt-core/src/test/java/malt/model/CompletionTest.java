package malt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import malt.agent.PromptTemplate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
  @ParameterizedTest
  @CsvSource({
    "3 + 4 = 7, 3 + 4 = 7",
    "'<think>8? no</think>7', 7",
    "'8? no</think>7', 7",
    "'<think>a</think>b<think>c</think>7', 7",
    "'<think>so the answer is 8, wait', ''",
    "'7<think>or is it 8', 7",
  })
  void the_next_speaker_hears_no_thoughts(String text, String said) {
    Completion completion =
        new Completion(
            text, new int[0], new int[0], new float[0], FinishReason.STOP, AdapterRef.BASE, 1);
    PromptTemplate template =
        new PromptTemplate(
            List.of(new PromptTemplate.Entry(Message.Role.USER, "Check: {generator}.")));
    Prompt prompt = template.fill("?", Map.of("generator", completion));
    assertThat(prompt.messages().get(0).text()).isEqualTo("Check: " + said + ".");
  }
}
