package malt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.agent.ToyTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.problem.ToyBenchmark;
import malt.tree.RandomTrees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetFilesTest {
  @TempDir Path folder;

  private static RoleDataset refiner() {
    ValueIteration paper = new ValueIteration(0.5, Pooling.GLOBAL);
    return new DatasetBuilder(
            ToyTeam.of(),
            Set.of(AgentRole.VERIFIER, AgentRole.REFINER),
            Set.of(AgentRole.REFINER),
            true,
            ToyBenchmark.GRADER,
            DatasetSettings.paper(),
            7)
        .build(RandomTrees.of(3, 3, 3).withTrouble().valued(4, 8, paper))
        .get(AgentRole.REFINER);
  }

  private Completion completion(String text) {
    return new Completion(
        text,
        new int[] {1, 128_000},
        new int[] {5, 6},
        new float[] {-0.1f, -1.17549435e-38f},
        FinishReason.LENGTH,
        new AdapterRef("joint/verifier/sft", folder.resolve("joint/adapters/verifier/sft")),
        Long.MIN_VALUE + 1);
  }

  private PreferencePair pair() {
    return new PreferencePair(
        AgentRole.VERIFIER,
        "gsm8k-7",
        new Prompt(
            List.of(
                Message.of(Message.Role.SYSTEM, "Be \"careful\"\n"),
                Message.of(Message.Role.USER, "2 + 2 ? \u2028 é 😀"),
                Message.of(Message.Role.ASSISTANT, ""))),
        completion("yes"),
        completion("no"),
        2 / 3.0,
        0);
  }

  @Test
  void sets_are_read_back_equal() {
    RoleDataset set = refiner();
    assertThat(set.examples()).isNotEmpty();
    assertThat(set.pairs()).isNotEmpty();
    assertThat(set.policy()).isNotEmpty();
    Path sft = folder.resolve("joint/refiner/sft.jsonl");
    Path dpo = folder.resolve("joint/refiner/dpo.jsonl");
    DatasetFiles.writeExamples(sft, set.examples());
    Path ppo = folder.resolve("joint/refiner/ppo.jsonl");
    DatasetFiles.writePairs(dpo, set.pairs());
    DatasetFiles.writePolicy(ppo, set.policy());
    assertThat(DatasetFiles.readExamples(sft)).isEqualTo(set.examples());
    assertThat(DatasetFiles.readPairs(dpo)).isEqualTo(set.pairs());
    assertThat(DatasetFiles.readPolicy(ppo)).isEqualTo(set.policy());
  }

  @Test
  void unusual_texts_numbers_and_adapters_are_read_back_equal() {
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of(pair()));
    assertThat(DatasetFiles.readPairs(file)).containsExactly(pair());
  }

  /** Text of a remote model is encoded here, and log-probabilities nobody told. */
  @Test
  void ids_without_log_probabilities_are_read_back_equal() {
    Completion told = completion("yes");
    Completion encoded =
        new Completion(
            told.text(),
            told.promptIds(),
            told.ids(),
            new float[0],
            told.finish(),
            told.adapter(),
            told.seed());
    PreferencePair pair =
        new PreferencePair(
            AgentRole.VERIFIER, "gsm8k-7", pair().prompt(), encoded, completion("no"), 1, 0);
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of(pair));
    assertThat(DatasetFiles.readPairs(file)).containsExactly(pair);
  }

  @Test
  void an_empty_set_is_an_empty_file() {
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of());
    assertThat(file).isEmptyFile();
    assertThat(DatasetFiles.readPairs(file)).isEmpty();
  }

  @Test
  void lines_have_the_conversational_keys_of_trl() throws IOException {
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of(pair()));
    JsonNode line = new ObjectMapper().readTree(Files.readString(file));
    assertThat(line.at("/prompt/0/role").asText()).isEqualTo("system");
    assertThat(line.at("/prompt/1/content").asText()).startsWith("2 + 2 ?");
    assertThat(line.at("/chosen/0/role").asText()).isEqualTo("assistant");
    assertThat(line.at("/chosen/0/content").asText()).isEqualTo("yes");
    assertThat(line.at("/rejected/0/content").asText()).isEqualTo("no");
    assertThat(line.at("/prompt_ids").toString()).isEqualTo("[1,128000]");
    assertThat(line.at("/chosen_ids").toString()).isEqualTo("[5,6]");
    assertThat(line.at("/problem_id").asText()).isEqualTo("gsm8k-7");
    assertThat(line.at("/role").asText()).isEqualTo("verifier");
    Path sft = folder.resolve("sft.jsonl");
    DatasetFiles.writeExamples(sft, refiner().examples().subList(0, 1));
    JsonNode example = new ObjectMapper().readTree(Files.readString(sft));
    assertThat(example.at("/completion/0/role").asText()).isEqualTo("assistant");
    assertThat(example.at("/completion_value").asDouble()).isEqualTo(1.0);
  }

  @Test
  void sets_written_item_by_item_are_in_their_places_when_complete_and_not_before()
      throws IOException {
    Path sft = folder.resolve("verifier/sft.jsonl");
    Path dpo = folder.resolve("verifier/dpo.jsonl");
    Path ppo = folder.resolve("verifier/ppo.jsonl");
    try (DatasetWriter writer = new DatasetWriter(sft, dpo, ppo)) {
      writer.add(pair());
    }
    try (Stream<Path> left = Files.list(folder.resolve("verifier"))) {
      assertThat(left).isEmpty();
    }
    try (DatasetWriter writer = new DatasetWriter(sft, dpo, ppo)) {
      writer.add(pair());
      writer.add(pair());
      assertThat(dpo).doesNotExist();
      writer.complete();
      assertThat(writer.pairs()).isEqualTo(2);
    }
    assertThat(DatasetFiles.readPairs(dpo)).containsExactly(pair(), pair());
    assertThat(DatasetFiles.readExamples(sft)).isEmpty();
    assertThat(DatasetFiles.readPolicy(ppo)).isEmpty();
  }

  @Test
  void a_set_that_cannot_be_written_leaves_the_old_one() throws IOException {
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of(pair()));
    byte[] before = Files.readAllBytes(file);
    Files.createDirectory(folder.resolve("dpo.jsonl.part"));
    assertThatThrownBy(() -> DatasetFiles.writePairs(file, List.of()))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void a_written_set_leaves_no_temporary_file() {
    DatasetFiles.writePairs(folder.resolve("dpo.jsonl"), List.of(pair()));
    assertThat(folder.toFile().list()).containsExactly("dpo.jsonl");
  }

  @Test
  void a_wrong_line_is_named_with_its_fault() throws IOException {
    Path file = folder.resolve("dpo.jsonl");
    DatasetFiles.writePairs(file, List.of(pair()));
    String good = Files.readString(file).strip();
    requireRefused(file, good, "not json", "Unrecognized token");
    requireRefused(file, good, good.substring(0, good.length() / 2), "nd-of-input");
    requireRefused(file, good, "", "a JSON object was expected");
    requireRefused(file, good, "[]", "a JSON object was expected");
    requireRefused(file, good, good + " {}", "railing token");
    requireRefused(
        file, good, good.replace("\"chosen_ids\"", "\"ids\""), "\"chosen_ids\" is missing");
    requireRefused(file, good, good.replace("[5,6]", "[5,6.5]"), "\"chosen_ids\" must hold whole");
    requireRefused(file, good, good.replace("[5,6]", "[5]"), "\"chosen_ids\" has 1 entries");
    requireRefused(file, good, good.replace("\"length\"", "\"bored\""), "unknown value \"bored\"");
    requireRefused(file, good, good.replace("[5,6]", "5"), "\"chosen_ids\" must hold a list");
    requireRefused(file, good, good.replace("\"user\"", "7"), "\"role\" must hold a text");
    requireRefused(file, good, "{\"role\":\"a\",\"role\":\"b\"}", "Duplicate field 'role'");
  }

  private static void requireRefused(Path file, String good, String bad, String fault)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(good, good, bad, good));
    Files.write(file, lines);
    assertThatThrownBy(() -> DatasetFiles.readPairs(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageStartingWith(file + ":3: ")
        .hasMessageContaining(fault);
  }

  @Test
  void a_missing_file_and_other_encodings_are_told_apart() throws IOException {
    Path file = folder.resolve("sft.jsonl");
    assertThatThrownBy(() -> DatasetFiles.readExamples(file))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining("does not exist");
    Files.write(file, new byte[] {'{', '"', (byte) 0xFF, '"'});
    assertThatThrownBy(() -> DatasetFiles.readExamples(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void sides_that_answer_different_prompts_are_no_pair() {
    Completion other =
        new Completion(
            "x", new int[] {2}, new int[0], new float[0], FinishReason.STOP, AdapterRef.BASE, 0);
    assertThatThrownBy(
            () ->
                new PreferencePair(
                    AgentRole.VERIFIER, "p", new Prompt(List.of()), completion("y"), other, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different prompts");
  }
}
