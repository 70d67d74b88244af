package malt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.ScriptedModel;
import malt.model.remote.FakeServer;
import malt.model.remote.ScriptedApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example as its reader would, and looks at what it says and leaves. */
class ExamplesTest {
  @TempDir private Path folder;

  private interface Program {
    void main(String[] args) throws Exception;
  }

  /** The lines that it prints. */
  private static List<String> output(Program program, String... args) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.main(args);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String model() {
    return LibraryPageTest.root().resolve("models/nano").toString();
  }

  @Test
  void own_grader_and_data_make_training_sets() throws Exception {
    ScriptedModel model =
        new ScriptedModel(
            (prompt, seed) -> seed % 2 == 0 ? "No? I think yes." : "Yes? By no means.");
    List<String> said;
    try (FakeServer server = new FakeServer(new ScriptedApi(ScriptedApi.Dialect.OPENAI, model))) {
      said = output(OwnGraderAndData::main, server.url(), "base", folder.toString());
    }
    assertThat(said).hasSize(2 * (1 + 2 + 4 + 8));
    assertThat(said.get(0)).startsWith("Does ice float");
    assertThat(said.subList(1, 15)).allMatch(line -> line.matches("\\[[01, ]+] [01]\\.[0-9]+"));
    assertThat(DatasetFiles.readExamples(folder.resolve("refiner/sft.jsonl")))
        .isNotEmpty()
        .extracting(SftExample::completion)
        .allSatisfy(completion -> assertThat(completion.text()).isNotEmpty());
    List<PreferencePair> pairs = DatasetFiles.readPairs(folder.resolve("refiner/dpo.jsonl"));
    assertThat(pairs)
        .isNotEmpty()
        .allSatisfy(
            pair -> {
              String right =
                  pair.problemId().equals("ice") ? "No? I think yes." : "Yes? By no means.";
              assertThat(pair.chosen().text()).isEqualTo(right);
              assertThat(pair.rejected().text()).isNotEqualTo(right);
            });
  }

  @Test
  void an_adapter_says_what_it_was_trained_to_say() throws Exception {
    List<String> said = output(SampleAndTrain::main, model(), folder.toString());
    assertThat(said).filteredOn(line -> line.startsWith("{\"step\":")).hasSize(20);
    assertThat(said.subList(0, 3)).doesNotContain("Looks good.");
    assertThat(said.subList(said.size() - 3, said.size())).containsOnly("Looks good.");
    assertThat(folder.resolve("adapter/adapter_model.safetensors")).isNotEmptyFile();
  }

  @Test
  void a_team_of_ones_own_goes_on_until_nobody_objects_and_votes() throws Exception {
    List<String> said = output(CustomTeam::main, model(), folder.toString());
    List<String> turns = said.stream().filter(line -> !line.matches("\\S+: \\d votes")).toList();
    assertThat(turns).filteredOn(line -> line.startsWith("solver: ")).hasSize(3);
    assertThat(turns).filteredOn(line -> line.matches("  critic: .*wrong.*")).isNotEmpty();
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).strip().startsWith("critic")) {
        boolean edited = i + 1 < turns.size() && turns.get(i + 1).strip().startsWith("editor");
        assertThat(edited).as(turns.get(i)).isEqualTo(turns.get(i).contains("wrong"));
      }
    }
    assertThat(said.subList(turns.size(), said.size())).hasSizeBetween(1, 3);
  }
}
