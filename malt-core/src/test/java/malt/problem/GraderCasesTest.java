package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import malt.problem.math.MathGrader;
import malt.problem.math.StrictMathGrader;
import org.junit.jupiter.api.Test;

class GraderCasesTest {
  private static final String CASES = "grader-cases/open.jsonl";

  private static Grader grader(String kind) {
    return switch (kind) {
      case "number_text" -> NumberGrader.lenient();
      case "choice" -> new ChoiceGrader();
      default -> MathGrader.lenient();
    };
  }

  @Test
  void atLeast98PercentOfTheCoreCasesAreGradedAsTheirSourcesSayAndNoneFalselyEqual() {
    int core = 0;
    List<String> wrong = new ArrayList<>();
    List<String> falseEqual = new ArrayList<>();
    for (JsonNode row : SharedData.rows(CASES)) {
      if (!row.get("core").asBoolean()) {
        continue;
      }
      core++;
      Problem problem = new Problem("", "", row.get("gold").asText());
      boolean correct =
          grader(row.get("kind").asText()).grade(problem, row.get("prediction").asText()).correct();
      boolean expected = row.get("expected_equal").asBoolean();
      if (correct != expected) {
        (correct ? falseEqual : wrong).add(row.get("id").asText());
      }
    }
    System.out.printf("grader-cases: %d of %d core rows as asserted%n", core - wrong.size(), core);
    assertThat(falseEqual).isEmpty();
    assertThat(wrong).hasSizeLessThanOrEqualTo((int) (0.02 * core));
  }

  @Test
  void theStrictGraderAgreesWithTheAuthorsVerdictOnEveryCase() {
    Grader strict = new StrictMathGrader();
    List<String> different = new ArrayList<>();
    for (JsonNode row : SharedData.rows(CASES)) {
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
