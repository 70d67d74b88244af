package malt.problem;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import malt.Seeds;

/**
 * What a benchmark's file holds.
 *
 * @param problems in the file's order
 * @param places file and line of each, "test.jsonl:17", or its own file
 * @param leftOut rows that cannot be graded, each with file, line and reason
 */
public record ProblemFile(
    Path file, List<Problem> problems, List<String> places, List<String> leftOut) {
  public ProblemFile {
    problems = List.copyOf(problems);
    places = List.copyOf(places);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * As if it held {@code count} of its problems, in their order; it stays whole for 0 and where it
   * holds no more. Whether one is drawn depends on the seed, its own id and the others', not on
   * their order, and fewer are among more.
   */
  public ProblemFile take(Take which, int count, long seed) {
    if (count == 0 || count >= problems.size()) {
      return this;
    }
    return only(
        which == Take.FIRST
            ? IntStream.range(0, count)
            : IntStream.range(0, problems.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> Seeds.of(seed, problems.get(i).id())))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted());
  }

  /** Without problems that ask a question of the other's, or share a cluster with one of them. */
  public ProblemFile without(ProblemFile other) {
    Set<String> questions = new HashSet<>();
    Set<String> clusters = new HashSet<>();
    for (Problem problem : other.problems) {
      questions.add(SharedQuestions.key(problem));
      clusters.add(problem.cluster());
    }
    return only(
        IntStream.range(0, problems.size())
            .filter(i -> !questions.contains(SharedQuestions.key(problems.get(i))))
            .filter(i -> !clusters.contains(problems.get(i).cluster())));
  }

  private ProblemFile only(IntStream indices) {
    List<Integer> kept = indices.boxed().toList();
    return new ProblemFile(
        file,
        kept.stream().map(problems::get).toList(),
        kept.stream().map(places::get).toList(),
        leftOut);
  }

  /** Where a problem stands: "test.jsonl:17". */
  public String where(int index) {
    return places.get(index);
  }
}
