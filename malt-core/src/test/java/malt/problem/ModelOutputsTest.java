package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Published verdicts on outputs of real models; every difference is listed and explained. */
class ModelOutputsTest {
  private final Grader strict = NumberGrader.strict();

  @Test
  void every_verdict_on_the_four_published_gpt3_models_is_reproduced() {
    List<Problem> problems = ProblemFiles.read(Layout.GSM8K, SharedData.file("gsm8k/test.jsonl"));
    List<JsonNode> rows =
        SharedData.rows("model-outputs/openai-gsm8k/example_model_solutions.jsonl");
    for (String model :
        List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")) {
      for (int i = 0; i < rows.size(); i++) {
        JsonNode output = rows.get(i).get(model);
        assertThat(
                strict
                    .grade(problems.get(i), Response.whole(output.get("solution").asText()))
                    .correct())
            .as("%s on %s", model, problems.get(i).id())
            .isEqualTo(output.get("is_correct").asBoolean());
      }
    }
  }

  @Test
  void every_verdict_on_llama31_is_reproduced() {
    int correct = 0;
    List<JsonNode> rows =
        SharedData.rows("model-outputs/llama-3.1-8b-instruct-gsm8k/outputs.jsonl");
    for (JsonNode row : rows) {
      boolean equal = grade(strict, row).correct();
      assertThat(equal).as(row.get("id").asText()).isEqualTo(row.get("correct").asBoolean());
      correct += equal ? 1 : 0;
    }
    assertThat(Math.round(10_000.0 * correct / rows.size())).isEqualTo(8_400);
  }

  @Test
  void only_known_verdicts_on_rho_differ() {
    Set<String> different = new TreeSet<>();
    for (JsonNode row : SharedData.rows("model-outputs/rho-math-gsm8k/rho-math-1b.jsonl")) {
      Grading grading = grade(NumberGrader.lenient(), row);
      if (grading.correct() != row.get("correct").asBoolean()) {
        different.add(
            "%s wanted, %s found, theirs %s"
                .formatted(
                    row.get("gold").asText(), grading.extracted(), row.get("correct").asText()));
      }
    }
    assertThat(different)
        .containsExactlyInAnyOrder(
            // theirs cannot read a calculation or a unit after "The answer is"
            "230 wanted, 230 found, theirs false",
            "5 wanted, 5 found, theirs false",
            "14 wanted, 14 found, theirs false",
            // theirs takes a number and 100 times it for equal, as if one were a percentage
            "2 wanted, 0.02 found, theirs true",
            "25 wanted, 2500 found, theirs true",
            "300 wanted, 3 found, theirs true");
  }

  private static Grading grade(Grader grader, JsonNode row) {
    return grader.grade(
        new Problem("", "", row.get("gold").asText()), Response.whole(row.get("output").asText()));
  }
}
