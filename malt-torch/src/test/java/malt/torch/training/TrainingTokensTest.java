package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTokensTest {
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(1e-2, 0.9, 0.999, 0, 0.1, 0.1, 1, 4, 1);
  private static final LoraSettings LORA = new LoraSettings(2, 4, false, List.of("q_proj"));

  @TempDir Path folder;

  private final List<Integer> asked = new ArrayList<>();

  private List<TokenSequence> example(int index) {
    asked.add(index);
    return List.of(new TokenSequence(new int[] {index, 1}, new int[] {2}));
  }

  private TrainingJob.SftJob job(List<SftExample> examples) {
    return new TrainingJob.SftJob(
        "sft", examples, LORA, new SftSettings(OPTIMIZER), 1, folder.resolve("out"));
  }

  @Test
  void sequences_asked_for_last_stay_and_the_others_are_made_anew() {
    List<TokenSequence> tokens = new TrainingTokens(9, this::example, 6).column(0); // two of 3 ids
    assertThat(tokens).hasSize(9);
    for (int index : new int[] {4, 5, 4, 6, 4, 5}) {
      assertThat(tokens.get(index).prompt()).containsExactly(index, 1);
    }
    assertThat(asked).containsExactly(4, 5, 6, 5); // 6 drives 5 out, not 4, which was asked again
  }

  @Test
  void one_that_is_larger_than_all_room_is_still_given() {
    List<TokenSequence> tokens = new TrainingTokens(2, this::example, 0).column(0);
    assertThat(tokens.get(0).prompt()).containsExactly(0, 1);
    assertThat(tokens.get(1).prompt()).containsExactly(1, 1);
  }

  @Test
  void a_set_read_from_its_file_has_the_ids_of_one_in_memory() {
    Path file = folder.resolve("sft.jsonl");
    DatasetFiles.writeExamples(file, TinyJobs.examples(8));
    List<TokenSequence> stored = TrainingTokens.of(job(DatasetFiles.readExamples(file))).column(0);
    List<TokenSequence> held = SftObjective.of("sft", TinyJobs.examples(8)).data();
    assertThat(stored).hasSize(8).usingRecursiveFieldByFieldElementComparator().isEqualTo(held);
  }

  @Test
  void the_sides_of_a_pair_share_their_prompt() {
    DpoSettings settings = new DpoSettings(OPTIMIZER, 0.1, 0, false);
    TrainingTokens tokens =
        TrainingTokens.of(
            new TrainingJob.DpoJob(
                "dpo", TinyJobs.pairs(8), AdapterRef.BASE, LORA, settings, 1, folder));
    DpoObjective held = DpoObjective.of("dpo", TinyJobs.pairs(8), settings);
    assertThat(tokens.column(0))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(held.chosen());
    assertThat(tokens.column(1))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(held.rejected());
    assertThat(tokens.column(1).get(3).prompt()).isSameAs(tokens.column(0).get(3).prompt());
  }
}
