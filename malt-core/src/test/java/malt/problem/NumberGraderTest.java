package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberGraderTest {
  private final Grader grader = NumberGrader.strict();

  private String read(String text) {
    return grader
        .extract("", Response.whole(text))
        .map(answer -> NumberText.only(answer).orElseThrow().toString())
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          16 - 3 = 13 #### 13            | 13
          #### 12 or rather #### 13      | 13
          #### 047                       | 47
          #### $1,234.50                 | 2469/2
          #### -5                        | -5
          #### -$5                       | -5
          #### 5 bags                    | 5
          #### 80+150=230                | 230
          #### \\boxed{7}                 | 7
          Final Answer: 125              | 125
          Final Answer: Final Answer: 125 | 125
          **Final Answer:** 12 eggs.     | 12
          The final answer is 0.50.      | 1/2
          so \\boxed{1{,}250}             | 1250
          so $\\boxed{\\frac{3}{4}}$       | 3/4
          The answer is 20%.             | 20
          the answer is 1 1/2 cups       | 3/2
          {"answer": "3,000"             | 3000
          The answer is 1.5e3            | 1500
          """)
  void the_stated_answer_is_found(String text, String expected) {
    assertThat(read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          He has 12 eggs and sells 3.
          #### Step 2: add 3 and 4
          #### 1. Add the numbers
          ####
          The answer is unknown
          so \\boxed{12
          """)
  void nothing_is_guessed_where_no_answer_is_stated(String text) {
    assertThat(read(text)).isEqualTo("none");
  }

  @Test
  void the_last_statement_wins_whatever_its_mark() {
    assertThat(read("the answer is 1. \\boxed{2} Final Answer: 3\n#### 4")).isEqualTo("4");
    assertThat(read("the answer is 1. Final Answer: 3. \\boxed{2}")).isEqualTo("2");
    assertThat(read("\\boxed{2} the answer is 1")).isEqualTo("1");
    assertThat(read("Final Answer: 8\n\nThe answer is clear, as 3 and 5 are given."))
        .isEqualTo("8");
  }

  @Test
  void the_lenient_grader_takes_the_last_number() {
    assertThat(NumberGrader.lenient().extract("", Response.whole("He has 12 eggs and sells 3.")))
        .contains("3");
    assertThat(NumberGrader.lenient().name()).isEqualTo("number-lenient");
  }

  @Test
  void numbers_are_compared_exactly() {
    assertThat(grader.equal("1,000", "1000.00")).isTrue();
    assertThat(grader.equal("0.1", "0.10000000000000000001")).isFalse();
    assertThat(grader.equal("12", "-12")).isFalse();
  }

  @Test
  void a_broken_reference_is_ungradable() {
    Grading grading = grader.grade(new Problem("a", "?", "none"), Response.whole("#### 5"));
    assertThat(grading.grade()).isEqualTo(Grade.UNGRADABLE);
  }

  @Test
  void hostile_text_is_graded_in_bounded_time() {
    List<String> hostile =
        List.of(
            "#### " + "9".repeat(1_000_000),
            "\\boxed{".repeat(100_000),
            "1,".repeat(500_000),
            "the answer is ".repeat(70_000),
            "#### 1e99999999",
            "$-".repeat(500_000),
            "final answer ".repeat(70_000) + ":",
            "Question:\n".repeat(100_000),
            "<think>".repeat(150_000),
            "</think>".repeat(130_000),
            "<".repeat(1_000_000),
            "The answer is not 5. ".repeat(50_000) + "#### 6",
            "\\boxed{1} ".repeat(100_000),
            "\\boxed{" + " ".repeat(60_000) + "1}",
            "Final Answer: " + "1 ".repeat(500_000),
            "Final Answer: " + "\\text{".repeat(150_000),
            "#".repeat(1_000_000),
            "*".repeat(1_000_000),
            "\n".repeat(1_000_000),
            "answer".repeat(160_000));
    for (String text : hostile) {
      assertThat(read(text)).hasSizeLessThan(400);
      for (String name : Graders.names()) {
        Grader any = Graders.named(name);
        any.extract("", Response.whole(text));
        assertThat(CpuTime.millis(() -> any.extract("", Response.whole(text))))
            .as("%s on %s", name, text.substring(0, Math.min(20, text.length())))
            .isLessThan(50);
      }
    }
  }
}
