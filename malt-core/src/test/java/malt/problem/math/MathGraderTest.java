package malt.problem.math;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.problem.CpuTime;
import malt.problem.Grader;
import malt.problem.Response;
import malt.problem.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathGraderTest {
  private static final long LIMIT_MILLIS = 50;
  private final Grader grader = MathGrader.strict();

  private static Optional<String> extract(Grader grader, String text) {
    return grader.extract("", Response.whole(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          \\frac{1}{2}                 | 0.5
          \\frac{1}{2}                 | \\dfrac{3}{6}
          3\\frac{1}{4}                | 3.25
          \\sqrt{8}                    | 2\\sqrt{2}
          \\frac{1}{\\sqrt{3}}          | \\frac{\\sqrt{3}}{3}
          \\sqrt[3]{-8}                | -2
          0.\\overline{3}              | 1/3
          12,345                      | 12345
          x = 5                       | 5
          (x,y) = (1,2)               | (1, 2)
          1 \\pm \\sqrt{2}              | 1-\\sqrt{2}, 1+\\sqrt{2}
          \\{1, 2\\}                    | \\{2, 1\\}
          [0, 1)                      | 0 \\le x < 1
          (3, \\infty)                 | x > 3
          x \\le -2                    | (-\\infty, -2]
          (-\\infty,1) \\cup (2,3]      | (2,3]\\cup(-\\infty,1)
          (-\\infty,0) \\cup (1,\\infty)  | x < 0 \\text{ or } x > 1
          x \\ne 2                     | (-\\infty,2) \\cup (2,\\infty)
          \\mathbb{R} \\setminus \\{1\\}  | x \\neq 1
          ]0, 1[                      | (0, 1)
          [0, \\frac12[               | 0 \\le x < 0.5
          \\{x \\mid 1 < x \\le 3\\}      | (1, 3]
          \\{x \\in \\mathbb{R} : x > 2\\} | (2, \\infty)
          \\mathbb{R}                  | \\text{all real numbers}
          x \\in \\mathbb R            | (-\\infty, \\infty)
          2x + 4y = 6                 | x = 3 - 2y
          x^2 - 1                     | (x-1)(x+1)
          \\sin 2x                     | 2 \\sin x \\cos x
          i^2                         | -1
          \\frac{1}{1+i}               | \\frac{1-i}{2}
          \\log_2 8                    | 3
          \\binom{5}{2}                | 10
          45^\\circ                    | 45
          20\\%                        | 20
          20\\%                        | \\frac{1}{5}
          \\$1,000                     | 1000
          5 \\text{ cm}                | 5
          \\text{Even}                 | even
          2:3                         | 4:6
          \\begin{pmatrix}1\\\\2\\end{pmatrix} | \\begin{bmatrix} 2/2 \\\\ 2 \\end{bmatrix}
          """)
  void answers_that_mean_the_same_are_equal(String a, String b) {
    assertThat(grader.equal(a, b)).isTrue();
    assertThat(grader.equal(b, a)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          \\frac{1}{3}          | 0.333
          \\sqrt{2}             | 1.414
          (1,2)                | (2,1)
          (1,2)                | 12
          [0,1)                | [0,1]
          x < 1                | x > 1
          x = 2                | y = 2
          x = 2                | x^2 = 4
          1, 2                 | 1
          1, 1                 | 1
          204_5                | 204
          204_5                | 204_6
          \\sqrt{x^2}           | x
          \\sqrt{1000000000001} | 1000000
          e^{-100}             | 0
          \\pi                  | 3.14
          \\text{even}          | \\text{odd}
          \\text{cat}           | \\text{act}
          5 \\text{ km}         | 5 \\text{ m}
          12:30                | 24:60
          x                    | X
          \\emptyset            | 0
          \\log 2               | \\ln 2
          \\begin{pmatrix}1&2\\end{pmatrix} | \\begin{pmatrix}1\\\\2\\end{pmatrix}
          (-\\infty,0) \\cup (1,\\infty)  | x < 0 \\text{ or } y > 1
          (-\\infty,0) \\cup (1,\\infty)  | x < 0 \\text{ or } x > 2
          x \\ne 2                     | (-\\infty,2) \\cup (3,\\infty)
          \\mathbb{R} \\setminus \\{1\\}  | (-\\infty,2) \\cup (2,\\infty)
          ]0, 1[                      | [0, 1]
          [0, 1[                      | [0, 1]
          \\{x \\mid x > 2\\}            | [2, \\infty)
          \\{x \\in \\mathbb{Z} : x > 2\\} | (2, \\infty)
          \\mathbb{R}                  | \\mathbb{Q}
          \\mathbb{R}                  | [0, \\infty)
          """)
  void answers_that_mean_something_else_are_different(String a, String b) {
    assertThat(grader.equal(a, b)).isFalse();
    assertThat(grader.equal(b, a)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          so $x = \\boxed{\\frac{1}{2}}$.                       | \\frac{1}{2}
          \\boxed{1} is wrong; it is \\boxed{2}                 | 2
          $\\boxed{-2}$ and $\\boxed{1}$                        | -2, 1
          Final Answer: The final answer is $3$. I hope it is. | $3$
          Final Answer: Final Answer: 125                      | 125
          <think>\\boxed{1}</think> It is \\boxed{2}.           | 2
          The answer is $x^2$.                                 | $x^2$
          """)
  void the_marked_answer_is_found(String text, String expected) {
    assertThat(extract(grader, text)).contains(expected);
  }

  @Test
  void nothing_is_guessed_unless_the_grader_is_lenient() {
    assertThat(extract(grader, "we get $x = 5$")).isEmpty();
    assertThat(extract(grader, "<think>the answer is 5")).isEmpty();
    assertThat(extract(MathGrader.lenient(), "we get $x = 5$")).contains("x = 5");
  }

  @Test
  void hostile_answers_are_bounded_in_time_and_never_falsely_equal() {
    List<String> hostile =
        List.of(
            "9^{9^{9^9}}",
            "9^{9^{9^{9^9}}}-1",
            "(".repeat(5_000) + "1" + ")".repeat(5_000),
            "{".repeat(5_000),
            "}".repeat(5_000),
            "\\frac{".repeat(2_000),
            "\\sqrt{".repeat(1_000) + "2" + "}".repeat(1_000),
            "9".repeat(1_000_000),
            "1".repeat(19_000),
            "1," + "2,".repeat(9_000) + "3",
            "x^".repeat(700) + "x",
            "-".repeat(6_000) + "1",
            "(x+1)^{99999}",
            "2000!^{2000!}",
            "99999999999!",
            "\\binom{99999999}{44444444}",
            "\\sin".repeat(50) + " x",
            "e^{e^{e^{e^{e^e}}}}",
            "\\exp(\\exp(\\exp(\\exp(100))))",
            "\\pm 1".repeat(300),
            "(1+\\sqrt{2})".repeat(300),
            "\\sin x \\cos x \\tan x ".repeat(60),
            "\\boxed{".repeat(50_000),
            "$".repeat(100_000),
            "1/0",
            "\\sin 1 + \\cos 2, ".repeat(59) + "3",
            "\\{" + "(\\sqrt[3]{2}, \\ln 3), ".repeat(50) + "1\\}",
            "0^{-1}",
            "\\log 0",
            "\\begin{pmatrix}" + "1&".repeat(2_000) + "1\\end{pmatrix}",
            "\\begin{cases}" + "x=1\\\\".repeat(2_000) + "\\end{cases}",
            "\\begin{cases}".repeat(1_000),
            "|x|>2, ".repeat(18) + "|x|>1",
            "[0,1]\\cup[2,3]\\cup".repeat(40) + "[9,10]",
            "\\mathbb{R}\\setminus\\{" + "1,".repeat(50) + "2\\}",
            "1 000 ".repeat(3_000),
            "((1)_".repeat(1_000),
            "{5 \\over ".repeat(200) + "}".repeat(200));
    for (int round = 0; round < 2; round++) {
      for (String text : hostile) {
        for (String other : List.of("2", "x", text + "+1")) {
          assertThat(grader.equal(text, other)).as(head(text)).isFalse();
          check(round, text, () -> grader.equal(text, other));
        }
        check(round, text, () -> extract(MathGrader.lenient(), text));
      }
    }
  }

  private static void check(int round, String text, Runnable call) {
    long millis = CpuTime.millis(call);
    if (round > 0) {
      assertThat(millis).as(head(text)).isLessThan(LIMIT_MILLIS);
    }
  }

  private static String head(String text) {
    return text.substring(0, Math.min(60, text.length()));
  }

  @Test
  void the_authors_normalisation_of12500_answers_is_reproduced() throws UnreadableException {
    for (String split : List.of("train", "test")) {
      for (JsonNode row : SharedData.rows("math/answers_" + split + ".jsonl")) {
        assertThat(HendrycksString.normalize(row.get("boxed").asText()))
            .isEqualTo(row.get("hendrycks_strip_string").asText());
      }
    }
  }

  @Test
  void every_answer_of_math_equals_itself_but_the_two_empty_ones() {
    List<String> different = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      for (JsonNode row : SharedData.rows("math/answers_" + split + ".jsonl")) {
        String answer = row.get("boxed").asText();
        String stated = extract(grader, "so \\boxed{" + answer + "}").orElse("");
        if (!grader.equal(answer, stated)) {
          different.add(split + " " + row.get("idx"));
        }
      }
    }
    assertThat(different).containsExactly("train 5341", "train 5343");
  }
}
