package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceGraderTest {
  private final Grader grader = new ChoiceGrader();

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
          The answer is a small library.              | a small library
          """)
  void theLetterIsFound(String text, String expected) {
    assertThat(grader.extract(text)).contains(expected);
  }

  @Test
  void noLetterIsGuessedFromProse() {
    assertThat(grader.extract("I do not know. A dog barks.")).isEmpty();
  }

  @Test
  void twoLettersAreNoAnswer() {
    for (String hedged :
        new String[] {"Answer: A or B", "Final Answer: (A)/(B)", "\\boxed{A, B}"}) {
      assertThat(grader.grade(new Problem("", "", "A"), hedged).correct()).as(hedged).isFalse();
      assertThat(grader.grade(new Problem("", "", "B. x"), hedged).correct()).as(hedged).isFalse();
    }
  }

  @Test
  void theTextAloneIsEnoughWhereItIsTheReferences() {
    assertThat(grader.equal("B. library", "Library.")).isTrue();
    assertThat(grader.equal("B. library", "bank")).isFalse();
    assertThat(grader.equal("B", "library")).isFalse();
  }

  @Test
  void aReferenceWithoutALetterIsUngradable() {
    assertThat(grader.grade(new Problem("", "", "???"), "Final Answer: A").grade())
        .isEqualTo(Grade.UNGRADABLE);
  }
}
