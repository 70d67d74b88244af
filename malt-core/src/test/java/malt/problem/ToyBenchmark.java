package malt.problem;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import malt.Seeds;
import malt.model.ScriptedModel;

/**
 * Tiny additions, "What is 3 + 4 ?", answered after {@code ####}. The answer {@code #### ?} cannot
 * be graded.
 */
public final class ToyBenchmark {
  private static final Pattern QUESTION = Pattern.compile("What is (\\d+) \\+ (\\d+) \\?");
  private static final Pattern ANSWER = Pattern.compile("#### (\\S+)");

  public static final Grader GRADER =
      new Grader() {
        @Override
        public String name() {
          return "toy";
        }

        @Override
        public Optional<String> extract(String question, Response response) {
          return ANSWER
              .matcher(response.text())
              .results()
              .map(found -> found.group(1))
              .reduce((a, b) -> b);
        }

        @Override
        public boolean equal(String reference, String extracted) {
          return reference.equals(extracted);
        }

        @Override
        public Grading grade(Problem problem, Response response) {
          return response.text().endsWith("#### ?")
              ? new Grading(Grade.UNGRADABLE, "?", "the toy cannot judge this")
              : Grader.super.grade(problem, response);
        }
      };

  private ToyBenchmark() {}

  /** Disjoint problems in the sizes asked for. */
  public static Benchmark of(int train, int dev, int test) {
    List<Problem> all = problems(train + dev + test);
    return new Benchmark(
        "toy",
        all.subList(0, train),
        all.subList(train, train + dev),
        all.subList(train + dev, all.size()),
        GRADER);
  }

  /** The first {@code count} problems: toy-0 is 1 + 2, toy-1 is 2 + 4, toy-2 is 3 + 6, ... */
  public static List<Problem> problems(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Problem(
                    "toy-" + i,
                    "What is %d + %d ?".formatted(i + 1, 2 * (i + 1)),
                    String.valueOf(3 * (i + 1))))
        .toList();
  }

  /** Says the sum with the probability given, by the seed, else a number one to three too large. */
  public static ScriptedModel solver(double accuracy) {
    return new ScriptedModel(
        (prompt, seed) -> {
          Matcher question = QUESTION.matcher(prompt);
          if (!question.find()) {
            return "I do not know";
          }
          int sum = Integer.parseInt(question.group(1)) + Integer.parseInt(question.group(2));
          boolean right = Seeds.uniform(seed) < accuracy;
          return "#### " + (right ? sum : sum + 1 + Math.floorMod(seed, 3));
        });
  }
}
