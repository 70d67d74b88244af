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
  void theLetterIsFound(String text, String expected) {
    assertThat(grader.extract("", Response.whole(text))).contains(expected);
  }

  @Test
  void noLetterIsGuessedFromProse() {
    assertThat(ChoiceGrader.lenient().extract("", Response.whole("I do not know. A dog barks.")))
        .isEmpty();
  }

  @Test
  void twoLettersAreNoAnswer() {
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
  void theTextAloneIsEnoughWhereItIsTheReferences() {
    assertThat(grader.equal("B. library", "Library.")).isTrue();
    assertThat(grader.equal("B. library", "bank")).isFalse();
    assertThat(grader.equal("B", "library")).isFalse();
  }

  @Test
  void aReferenceWithoutALetterIsUngradable() {
    assertThat(grader.grade(new Problem("", "", "???"), Response.whole("Final Answer: A")).grade())
        .isEqualTo(Grade.UNGRADABLE);
  }

  @Test
  void optionsThatAreWeighedOneByOneAreNoAnswer() {
    String weighed = "A. bank: holds money.\nB. library: holds books.\nC. dep";
    for (Grader one : List.of(ChoiceGrader.strict(), ChoiceGrader.lenient())) {
      assertThat(one.extract("", Response.whole(weighed))).isEmpty();
    }
    assertThat(grader.extract("", Response.whole(weighed + "ot.\nSo the best choice is B.")))
        .contains("B");
  }

  @Test
  void aLetterIsTakenByPositionByTheLenientGraderOnly() {
    Response response = Response.whole("C\n\nMarkets sell food.");
    assertThat(grader.extract("", response)).isEmpty();
    assertThat(ChoiceGrader.lenient().extract("", response)).contains("C");
  }

  @Test
  void theWordsOfAChoiceAreItsLetterWhereTheQuestionHasThem() {
    String question = "Where is food sold?\nA. attic\nB. park\nC. market\nD. park";
    assertThat(grader.extract(question, Response.whole("The answer is Market."))).contains("C");
    assertThat(grader.extract(question, Response.whole("The answer is park."))).contains("park");
  }
}
