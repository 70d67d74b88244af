package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ToyBenchmarkTest {
  @Test
  void its_parts_are_disjoint() {
    Benchmark toy = ToyBenchmark.of(5, 3, 4);
    assertThat(toy.train()).hasSize(5);
    assertThat(toy.dev()).hasSize(3);
    assertThat(toy.test()).hasSize(4);
    assertThat(Stream.of(toy.train(), toy.dev(), toy.test()).flatMap(part -> part.stream()))
        .extracting(Problem::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void the_last_answer_counts() {
    Problem threePlusSix = ToyBenchmark.problems(3).get(2);
    assertThat(
            ToyBenchmark.GRADER.grade(threePlusSix, Response.whole("#### 4, no, #### 9")).correct())
        .isTrue();
    assertThat(
            ToyBenchmark.GRADER.grade(threePlusSix, Response.whole("#### 9, no, #### 4")).grade())
        .isEqualTo(Grade.INCORRECT);
    assertThat(ToyBenchmark.GRADER.grade(threePlusSix, Response.whole("nine")).extracted())
        .isNull();
    assertThat(ToyBenchmark.GRADER.grade(threePlusSix, Response.whole("#### ?")).grade())
        .isEqualTo(Grade.UNGRADABLE);
  }
}
