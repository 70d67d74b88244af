package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import malt.problem.math.StrictMathGrader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows with known verdicts, all of which travel with the tests. */
class GraderCasesTest {
  private static String grader(String kind) {
    return switch (kind) {
      case "number_text" -> "number-lenient";
      case "choice" -> "choice-lenient";
      default -> "math-lenient";
    };
  }

  private static boolean isCorrect(String grader, JsonNode row) {
    Problem problem = new Problem("", "", row.get("gold").asText());
    return Graders.named(grader)
        .grade(problem, Response.whole(row.get("prediction").asText()))
        .correct();
  }

  @Test
  void
      at_least98_percent_of_the_core_cases_are_graded_as_their_sources_say_and_none_falsely_equal() {
    int core = 0;
    List<String> wrong = new ArrayList<>();
    List<String> falseEqual = new ArrayList<>();
    for (JsonNode row : TestRows.of("published.jsonl")) {
      if (!row.get("core").asBoolean()) {
        continue;
      }
      core++;
      boolean correct = isCorrect(grader(row.get("kind").asText()), row);
      if (correct != row.get("expected_equal").asBoolean()) {
        (correct ? falseEqual : wrong).add(row.get("id").asText());
      }
    }
    System.out.printf(
        "published cases: %d of %d core rows as asserted%n", core - wrong.size(), core);
    assertThat(core).isEqualTo(305);
    assertThat(falseEqual).isEmpty();
    assertThat(wrong).hasSizeLessThanOrEqualTo((int) (0.02 * core));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reported.jsonl", "answers.jsonl"})
  void every_row_is_graded_as_was_worked_out_by_hand(String file) {
    List<JsonNode> rows = TestRows.of(file);
    List<JsonNode> wrong = new ArrayList<>();
    for (JsonNode row : rows) {
      boolean expected = row.get("expected").asText().equals("CORRECT");
      if (isCorrect(row.get("grader").asText(), row) != expected) {
        wrong.add(row);
      }
    }
    assertThat(rows).hasSizeGreaterThan(250);
    assertThat(wrong).isEmpty();
  }

  @Test
  void the_strict_grader_agrees_with_the_authors_verdict_on_every_case() {
    Grader strict = new StrictMathGrader();
    List<String> different = new ArrayList<>();
    for (JsonNode row : TestRows.of("published.jsonl")) {
      JsonNode verdict = row.path("verdicts").path("hendrycks_is_equiv");
      String gold = row.get("gold_bare").asText();
      if (verdict.isBoolean()
          && strict.equal(gold, row.get("prediction_bare").asText()) != verdict.asBoolean()) {
        different.add(row.get("id").asText());
      }
    }
    assertThat(different).isEmpty();
  }
}
