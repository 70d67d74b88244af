package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import malt.MalformedDataException;
import malt.agent.AgentRole;
import malt.data.DatasetWriter;
import malt.data.Distillation;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingDataTest {
  private static final SftSettings SFT =
      new SftSettings(new OptimizerSettings(0.1, 0.9, 0.98, 0, 0, 0.1, 1, 8, 1));

  /** Ids are the characters. */
  private static final TrainingData DATA =
      TrainingData.withStudent(
          example ->
              new TokenSequence(
                  example.prompt().messages().get(0).text().chars().toArray(),
                  example.completion().text().chars().toArray()));

  @TempDir private Path folder;

  private Path file(AgentRole role, int... ids) {
    Path file = folder.resolve(role.name()).resolve("sft.jsonl");
    Completion said =
        new Completion("12", ids, ids, new float[0], FinishReason.STOP, AdapterRef.BASE, 1);
    Prompt prompt = new Prompt(List.of(Message.of(Message.Role.USER, "ab")));
    try (DatasetWriter writer =
        new DatasetWriter(file, file.resolveSibling("dpo"), file.resolveSibling("ppo"))) {
      writer.add(new SftExample(role, "p", prompt, said, 1));
      writer.complete();
    }
    return file;
  }

  @Test
  void what_a_student_is_taught_is_encoded_since_nobody_sampled_it() {
    List<List<TokenSequence>> rows = DATA.read(file(Distillation.STUDENT), SFT);
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).get(0).prompt()).containsExactly('a', 'b');
    assertThat(rows.get(0).get(0).completion()).containsExactly('1', '2');
  }

  @Test
  void what_a_role_said_is_trained_on_as_it_was_sampled_or_not_at_all() {
    TokenSequence said = DATA.read(file(AgentRole.REFINER, 7, 8), SFT).get(0).get(0);
    assertThat(said.completion()).containsExactly(7, 8);
    Path without = file(AgentRole.VERIFIER);
    assertThatThrownBy(() -> DATA.read(without, SFT).get(0))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("training needs both");
  }
}
