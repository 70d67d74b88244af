package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all graders share: of a response the last statement that stands is its answer. */
class StatedAnswersTest {
  private static final int ANSWERS = 120;

  /** Ways to state an answer that a grader must see through. */
  private static final List<UnaryOperator<String>> STATING =
      List.of(
          a -> "Final Answer: " + a,
          a -> "Some steps.\n\nFinal Answer: " + a + ".",
          a -> "**Final Answer:** **" + a + "**",
          a -> "### Final Answer\n\n" + a,
          a -> "Final Answer:\n" + a + "\n",
          a -> "Final Answer\uff1a" + a,
          a -> "The answer is " + a + ".",
          a -> "We conclude.\nAnswer: " + a,
          a -> "<answer>" + a + "</answer>",
          a -> "so \\boxed{" + a + "}.",
          a -> "\\[ \\boxed{" + a + "} \\]",
          a -> "\\boxed{\"" + a + "\"}",
          a -> "\\boxed{**" + a + "**}",
          a -> "{\"answer\": \"" + a + "\"}");

  /** Surroundings that change nothing; %s is the statement, the other answer is another one. */
  private static List<String> around(String statement, String other) {
    return List.of(
        statement,
        "First we look at it.\n\n" + statement,
        "<think>\nFinal Answer: " + other + "\n</think>\n" + statement,
        "maybe the answer is " + other + "\n</think>\n\n" + statement,
        "The answer is " + other + ".\nWait, that is wrong.\n\n" + statement,
        "Final Answer: " + other + "\nLet me correct that.\n\n" + statement,
        "\\boxed{" + other + "} was a first try.\n\n" + statement,
        "The answer is not " + other + ".\n\n" + statement,
        statement + "\n\nQuestion: Another one?\nFinal Answer: " + other,
        statement + "\n\nQ: Another one?\nA: The answer is " + other + ".",
        statement + "<|eot_id|>Final Answer: " + other,
        statement + "</s>\n\\boxed{" + other + "}",
        statement + "\n<think>or is the answer " + other);
  }

  private static String answer(String grader, Random random) {
    return switch (grader) {
      case "choice" -> String.valueOf((char) ('A' + random.nextInt(5)));
      case "number" ->
          switch (random.nextInt(4)) {
            case 0 -> String.valueOf(random.nextInt(100_000));
            case 1 -> "-" + (1 + random.nextInt(999));
            case 2 -> (1 + random.nextInt(99)) + "." + (1 + random.nextInt(9));
            default -> "%,d".formatted(1_000 + random.nextInt(9_000_000));
          };
      default ->
          switch (random.nextInt(4)) {
            case 0 -> "\\frac{%d}{%d}".formatted(1 + random.nextInt(50), 51 + random.nextInt(40));
            case 1 -> "%d\\sqrt{%d}".formatted(2 + random.nextInt(9), 2 + random.nextInt(2));
            case 2 -> "(%d, %d)".formatted(random.nextInt(40), random.nextInt(40));
            default -> "x^2 + %d".formatted(1 + random.nextInt(60));
          };
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"number", "choice", "math"})
  void an_answer_is_read_from_every_statement_and_a_wrong_one_is_never_right(String name) {
    Random random = new Random(20_250_101);
    List<String> wrong = new ArrayList<>();
    int texts = 0;
    for (int i = 0; i < ANSWERS; i++) {
      String right = answer(name, random);
      String other = answer(name, random);
      if (Graders.named(name).equal(right, other)) {
        continue;
      }
      UnaryOperator<String> stating = STATING.get(i % STATING.size());
      for (String text : around(stating.apply(right), other)) {
        texts++;
        for (String grader : List.of(name, name + "-lenient")) {
          if (!graded(grader, right, text) || graded(grader, other, text)) {
            wrong.add(grader + " wants " + right + ": " + text);
          }
        }
      }
    }
    assertThat(texts).isGreaterThan(1_000);
    assertThat(wrong).isEmpty();
  }

  /** Statements of something else than one answer; none of them may be taken for either. */
  private static List<String> unclear(String a, String b) {
    return List.of(
        "Final Answer: " + a + " or " + b,
        "The answer is either " + a + " or " + b + ".",
        "The answer is not " + a + ".",
        "Answer: not " + a,
        "Final Answer: " + a + ". No, that is wrong.",
        "\\boxed{" + a + "} or \\boxed{" + b + "}",
        "\\boxed{" + a + "}, \\boxed{" + b + "}",
        "<think>Final Answer: " + a,
        "The answer is " + a + "? I am not sure.",
        "The answer isn't " + a + ".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"number", "choice", "math"})
  void nothing_but_one_answer_is_ever_right(String name) {
    Random random = new Random(7);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < ANSWERS; i++) {
      String a = answer(name, random);
      String b = answer(name, random);
      if (Graders.named(name).equal(a, b)) {
        continue;
      }
      for (String text : unclear(a, b)) {
        if (graded(name, a, text) || graded(name, b, text)) {
          wrong.add(a + " or " + b + ": " + text);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean graded(String grader, String gold, String text) {
    return Graders.named(grader).grade(new Problem("", "", gold), Response.whole(text)).correct();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number-lenient | 3  | He has 12 eggs and sells 3",
        "math-lenient   | 5  | we get $x = 5$ and then",
        "math-lenient   | 12 | \\boxed{12",
        "choice-lenient | B  | I would rather say B and not",
        "choice         | B  | B",
        "number         | 12 | Final Answer: 12",
        "math           | 12 | The answer is 12",
        "choice         | B  | Final Answer: B"
      })
  void the_last_words_of_a_truncated_text_are_not_read(String grader, String gold, String text) {
    Problem problem = new Problem("", "", gold);
    Grader one = Graders.named(grader);
    assertThat(one.grade(problem, Response.whole(text)).correct()).isTrue();
    assertThat(one.grade(problem, new Response(text, true)).correct()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "so \\boxed{12}",
        "Final Answer: 12\n\nThis follows bec",
        "#### 12\n\nQuestion: What",
        "<answer>12</answer>"
      })
  void a_statement_that_ends_before_a_truncated_text_does_is_read(String text) {
    assertThat(
            NumberGrader.strict()
                .grade(new Problem("", "", "12"), new Response(text, true))
                .correct())
        .isTrue();
  }

  @Test
  void a_text_that_is_only_thought_states_nothing() {
    for (String grader : Graders.names()) {
      assertThat(
              Graders.named(grader)
                  .extract("", Response.whole("<think>\\boxed{A} Final Answer: A, 12")))
          .as(grader)
          .isEmpty();
    }
  }
}
