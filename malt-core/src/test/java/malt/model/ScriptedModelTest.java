package malt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScriptedModelTest extends LanguageModelContract {
  @Override
  protected ScriptedModel model() {
    return new ScriptedModel(
        (prompt, seed) -> prompt.contains("broken") ? null : "it is " + Math.floorMod(seed, 7));
  }

  @Override
  protected Optional<SamplingRequest> failing() {
    return Optional.of(
        new SamplingRequest(prompt("broken"), AdapterRef.BASE, params(1.0, 24), List.of(4L, 5L)));
  }

  @Test
  void ids_are_the_characters_and_an_end_of_text() {
    Completion answer =
        model()
            .sample(
                List.of(
                    new SamplingRequest(
                        prompt("q"), AdapterRef.BASE, params(1.0, 24), List.of(9L))))
            .get(0)
            .get(0);
    assertThat(answer.text()).isEqualTo("it is 2");
    assertThat(answer.ids()).containsExactly('i', 't', ' ', 'i', 's', ' ', '2', ScriptedModel.EOS);
    assertThat(answer.promptIds()).isEqualTo("<|user|>q<|assistant|>".chars().toArray());
  }

  @Test
  void it_remembers_its_calls() {
    ScriptedModel model = model();
    List<SamplingRequest> call = List.of(failing().orElseThrow());
    model.sample(call);
    assertThat(model.calls()).containsExactly(call);
  }
}
