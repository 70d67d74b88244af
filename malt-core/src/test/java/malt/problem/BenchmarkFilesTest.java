package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import malt.MalformedDataException;
import malt.problem.math.MathGrader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFilesTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("problems.jsonl"), content);
  }

  @Test
  void theRealGsm8kIsReadWholeAndPassesItsSelfTest() {
    List<Problem> train = Gsm8kFile.read(SharedData.file("gsm8k/train.jsonl"));
    List<Problem> test = Gsm8kFile.read(SharedData.file("gsm8k/test.jsonl"));
    assertThat(train).hasSize(7_473);
    assertThat(test).hasSize(1_319);
    assertThat(test.get(0).answer()).isEqualTo("18");
    assertThat(GraderSelfTest.failures(NumberGrader.strict(), train)).isEmpty();
    assertThat(GraderSelfTest.failures(NumberGrader.strict(), test)).isEmpty();
  }

  @Test
  void theRealCommonsenseQaIsReadWholeAndPassesItsSelfTest() {
    List<Problem> dev = CsqaFile.read(SharedData.file("csqa/dev_rand_split.jsonl"));
    assertThat(dev).hasSize(1_221);
    assertThat(dev.get(0).question()).contains("\nA. bank\n");
    assertThat(dev.get(0).answer()).isEqualTo("A. bank");
    assertThat(GraderSelfTest.failures(new ChoiceGrader(), dev)).isEmpty();
    List<Problem> train = CsqaFile.read(SharedData.file("csqa/train_rand_split.jsonl"));
    assertThat(train).hasSize(9_741);
    assertThat(GraderSelfTest.failures(new ChoiceGrader(), train)).isEmpty();
  }

  @Test
  void aChoiceThatIsThereTwiceIsGradedByLetterOnly() throws IOException {
    Path file =
        file(
            """
            {"id":"q","answerKey":"B","question":{"stem":"Where?","choices":[\
            {"label":"A","text":"Home"},{"label":"B","text":"home"},{"label":"C","text":"zoo"}]}}
            """);
    Problem problem = CsqaFile.read(file).get(0);
    assertThat(problem.answer()).isEqualTo("B");
    assertThat(new ChoiceGrader().grade(problem, "Final Answer: home").correct()).isFalse();
  }

  @Test
  void bothLayoutsOfMathAreReadAndRowsWithoutAnAnswerLeftOut() throws IOException {
    Path file =
        file(
            """
            {"problem":"p","level":"Level 1","type":"Algebra","solution":"\\\\boxed{1} or \\\\boxed{\\\\frac{1}{2}}."}
            {"problem":"p","level":"Level ?","type":"Algebra","solution":"so $\\\\boxed 2$."}
            {"problem":"p","level":"Level 2","type":"Algebra","solution":"so $\\\\boxed{}$."}
            {"problem":"p","solution":"s","answer":"x^2","subject":"Algebra","level":3,"unique_id":"a/7"}
            """);
    ProblemFile read = MathFile.read(file);
    assertThat(read.problems())
        .containsExactly(
            new Problem("problems-00001", "p", "\\frac{1}{2}"),
            new Problem("problems-00002", "p", "2"),
            new Problem("a/7", "p", "x^2"));
    assertThat(read.leftOut()).singleElement().asString().contains(":3 states no answer");
  }

  @Test
  void aCustomFileNamesItsFields() throws IOException {
    Path file = file("{\"q\":\"Which?\",\"a\":\"B\",\"options\":[\"one\",\"two\"]}\n");
    assertThat(new CustomFile("q", "a", "options").read(file))
        .containsExactly(new Problem("problems-00001", "Which?\nA. one\nB. two", "B"));
    assertThatThrownBy(() -> new CustomFile("q", "answer", null).read(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(":1 lacks the field \"answer\"");
  }

  @Test
  void aReferenceAnswerThatItsGraderDoesNotAcceptStopsTheRun() {
    List<Problem> problems =
        List.of(new Problem("good", "?", "4"), new Problem("bad", "?", "four"));
    assertThatThrownBy(() -> GraderSelfTest.require(NumberGrader.strict(), problems))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("1 of 2")
        .hasMessageContaining("bad: \"four\" is graded UNGRADABLE");
    GraderSelfTest.require(MathGrader.strict(), problems);
  }
}
