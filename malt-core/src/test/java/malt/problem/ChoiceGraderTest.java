package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceGraderTest {
  private final Grader grader = ChoiceGrader.strict();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The answer is (B) library.                  | B
          Final Answer: C                             | C
          Final Answer: **D. a large town**           | D
          so \\boxed{\\text{E}}                         | E
          B. library                                  | B
          (C)                                         | C
          It is not A, so I think it's D              | D
          the answer is b)                            | B
          b                                           | B
          (c).                                        | C
          Final Answer: B, since A or C are wrong     | B
          The answer is a small library.              | small library
          """)
  void the_letter_is_found(String text, String expected) {
    assertThat(grader.extract("", Response.whole(text))).contains(expected);
  }

  @Test
  void no_letter_is_guessed_from_prose() {
    assertThat(ChoiceGrader.lenient().extract("", Response.whole("I do not know. A dog barks.")))
        .isEmpty();
  }

  @Test
  void two_letters_are_no_answer() {
    for (String hedged :
        new String[] {"Answer: A or B", "Final Answer: (A)/(B)", "\\boxed{A, B}"}) {
      assertThat(grader.grade(new Problem("", "", "A"), Response.whole(hedged)).correct())
          .as(hedged)
          .isFalse();
      assertThat(grader.grade(new Problem("", "", "B. x"), Response.whole(hedged)).correct())
          .as(hedged)
          .isFalse();
    }
  }

  @Test
  void the_text_alone_is_enough_where_it_is_the_references() {
    assertThat(grader.equal("B. library", "Library.")).isTrue();
    assertThat(grader.equal("B. library", "bank")).isFalse();
    assertThat(grader.equal("B", "library")).isFalse();
  }

  @Test
  void a_reference_without_a_letter_is_ungradable() {
    assertThat(grader.grade(new Problem("", "", "???"), Response.whole("Final Answer: A")).grade())
        .isEqualTo(Grade.UNGRADABLE);
  }

  @Test
  void options_that_are_weighed_one_by_one_are_no_answer() {
    String weighed = "A. bank: holds money.\nB. library: holds books.\nC. dep";
    for (Grader one : List.of(ChoiceGrader.strict(), ChoiceGrader.lenient())) {
      assertThat(one.extract("", Response.whole(weighed))).isEmpty();
    }
    assertThat(grader.extract("", Response.whole(weighed + "ot.\nSo the best choice is B.")))
        .contains("B");
  }

  @Test
  void a_letter_is_taken_by_position_by_the_lenient_grader_only() {
    Response response = Response.whole("C\n\nMarkets sell food.");
    assertThat(grader.extract("", response)).isEmpty();
    assertThat(ChoiceGrader.lenient().extract("", response)).contains("C");
  }

  @Test
  void the_words_of_a_choice_are_its_letter_where_the_question_has_them() {
    String question = "Where is food sold?\nA. attic\nB. park\nC. market\nD. park";
    assertThat(grader.extract(question, Response.whole("The answer is Market."))).contains("C");
    assertThat(grader.extract(question, Response.whole("The answer is park."))).contains("park");
  }
}
