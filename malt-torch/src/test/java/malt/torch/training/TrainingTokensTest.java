package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import malt.data.DatasetFiles;
import malt.training.DpoSettings;
import malt.training.SftSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTokensTest {
  @TempDir Path folder;

  private final List<Integer> asked = new ArrayList<>();

  private List<List<TokenSequence>> rows(int size) {
    return new AbstractList<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public List<TokenSequence> get(int index) {
        asked.add(index);
        return List.of(new TokenSequence(new int[] {index, 1}, new int[] {2}));
      }
    };
  }

  @Test
  void sequences_asked_for_last_stay_and_the_others_are_made_anew() {
    List<TokenSequence> tokens = new TrainingTokens(rows(9), 6).column(0); // two of 3 ids
    assertThat(tokens).hasSize(9);
    for (int index : new int[] {4, 5, 4, 6, 4, 5}) {
      assertThat(tokens.get(index).prompt()).containsExactly(index, 1);
    }
    assertThat(asked).containsExactly(4, 5, 6, 5); // 6 drives 5 out, not 4, which was asked again
  }

  @Test
  void one_that_is_larger_than_all_room_is_still_given() {
    List<TokenSequence> tokens = new TrainingTokens(rows(2), 0).column(0);
    assertThat(tokens.get(0).prompt()).containsExactly(0, 1);
    assertThat(tokens.get(1).prompt()).containsExactly(1, 1);
  }

  @Test
  void a_set_read_from_its_file_has_the_ids_of_one_in_memory() {
    Path file = folder.resolve("sft.jsonl");
    DatasetFiles.writeExamples(file, TinyJobs.examples(8));
    List<List<TokenSequence>> rows =
        TrainingData.sets(file, new SftSettings(TinyJobs.optimizer(1e-2, 4, 1)));
    List<TokenSequence> stored = new TrainingTokens(rows).column(0);
    List<TokenSequence> held = TinyJobs.sft(8).data();
    assertThat(stored).hasSize(8).usingRecursiveFieldByFieldElementComparator().isEqualTo(held);
  }

  @Test
  void the_sides_of_a_pair_share_their_prompt() {
    DpoSettings settings = new DpoSettings(TinyJobs.optimizer(1e-2, 4, 1), 0.1, 0, false);
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, TinyJobs.pairs(8));
    TrainingTokens tokens = new TrainingTokens(TrainingData.sets(file, settings));
    DpoObjective held = TinyJobs.dpo(8, settings, List.of());
    assertThat(tokens.column(0))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(held.chosen());
    assertThat(tokens.column(1))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(held.rejected());
    assertThat(tokens.column(1).get(3).prompt()).isSameAs(tokens.column(0).get(3).prompt());
  }
}
