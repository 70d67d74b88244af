package malt.evaluation;

import static malt.evaluation.Toy.pass;
import static malt.evaluation.Toy.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.problem.Problem;
import malt.tree.SearchTree;
import org.junit.jupiter.api.Test;

/** Instances of one template are right or wrong together: they are one cluster everywhere. */
class ClustersTest {
  private static final Evaluator EVALUATOR = new Evaluator(Toy.GRADER);
  private static final List<Method> METHODS = List.of(Toy.SA, Toy.MA);

  /** Each letter pair is a template of {@code instances} questions that all end like it. */
  private static EvaluationReport report(int instances, boolean clustered, String... templates) {
    List<SearchTree> trees = new ArrayList<>();
    for (int template = 0; template < templates.length; template++) {
      for (int instance = 0; instance < instances; instance++) {
        String id = "%02d-%03d".formatted(template, instance);
        String cluster = clustered ? "template " + template : id;
        String generator = templates[template].charAt(0) == 'r' ? "=1" : "=2";
        String refiner = templates[template].charAt(1) == 'r' ? "=1" : "=2";
        trees.add(tree(new Problem(id, "?", "1", cluster), pass(generator, "ok", refiner)));
      }
    }
    TeamReading reading = EVALUATOR.read(1, Toy.BASE, METHODS);
    trees.forEach(reading::add);
    TeamEvaluation evaluation = reading.evaluation();
    return EVALUATOR.report(
        new EvaluationSubject("toy", Instant.EPOCH, "none", "toy", "toy", 1, PaperNumbers.of("")),
        List.of(evaluation),
        METHODS,
        List.of(new Comparison("MA", "SA")));
  }

  @Test
  void fifty_instances_of_a_template_tell_no_more_than_one() {
    String[] templates = {"wr", "wr", "wr", "wr", "wr", "rw", "rr", "ww"};
    EvaluationReport many = report(50, true, templates);
    EvaluationReport one = report(1, false, templates);
    ComparisonResult clustered = many.comparisons().get(0);
    ComparisonResult alone = one.comparisons().get(0);
    assertThat(clustered.difference()).isEqualTo(alone.difference()).isEqualTo(0.5);
    // 5 templates against 1: 2 (1 + 6) / 64
    assertThat(clustered.p()).isCloseTo(14.0 / 64, within(1e-12));
    assertThat(clustered.mcnemar())
        .containsExactly(new ComparisonResult.McNemar(1, 250, 50, clustered.p()));
    assertThat(clustered.interval()).isEqualTo(alone.interval());
    assertThat(clustered.detectable()).isEqualTo(alone.detectable());
    assertThat(report(50, false, templates).comparisons().get(0).p()).isLessThan(1e-20);
  }

  @Test
  void the_interval_of_a_row_draws_templates_and_says_so() {
    String[] templates = {"wr", "wr", "wr", "wr", "wr", "rw", "rr", "ww"};
    EvaluationReport many = report(50, true, templates);
    MethodResult row = many.methods().get("SA");
    assertThat(row.accuracy()).isEqualTo(0.25);
    assertThat(row.intervalKind()).contains("clusters");
    assertThat(row.interval().high() - row.interval().low()).isGreaterThan(0.45);
    assertThat(many.test()).contains("400 questions are instances of 8 templates");
    assertThat(report(50, false, templates).methods().get("SA").intervalKind()).isEqualTo("Wilson");
    assertThat(report(50, false, templates).test()).doesNotContain("templates");
  }

  @Test
  void clusters_of_unlike_size_count_by_their_questions() {
    Clusters clusters = Clusters.of(List.of("a", "b", "a", "c", "a"));
    assertThat(clusters.sizes()).containsExactly(3, 1, 1);
    assertThat(clusters.sums(new int[] {1, 2, 4, 8, 16})).containsExactly(21, 2, 8);
    assertThat(clusters.together()).isTrue();
    assertThat(Clusters.of(List.of("a", "b")).together()).isFalse();
    // every resample's mean is 1, however many questions it happens to draw
    int[][] ones = {{1, 1, 1, 1, 1}};
    assertThat(new Bootstrap(200, 3).overQuestions(ones, clusters)).isEqualTo(new Interval(1, 1));
  }

  @Test
  void the_clustered_bootstrap_covers_where_the_other_does_not() {
    SplittableRandom random = new SplittableRandom(8);
    int templates = 40;
    int instances = 25;
    Clusters clusters =
        Clusters.of(
            IntStream.range(0, templates * instances)
                .mapToObj(question -> "t" + question / instances)
                .toList());
    int studies = 200;
    int covered = 0;
    int asIfAlone = 0;
    for (int study = 0; study < studies; study++) {
      int[][] values = new int[1][templates * instances];
      for (int template = 0; template < templates; template++) {
        double rate = random.nextDouble() < 0.5 ? 0.2 : 0.8; // the mean is 0.5
        for (int instance = 0; instance < instances; instance++) {
          values[0][template * instances + instance] = random.nextDouble() < rate ? 1 : 0;
        }
      }
      Bootstrap bootstrap = new Bootstrap(400, study);
      covered += bootstrap.overQuestions(values, clusters).contains(0.5) ? 1 : 0;
      asIfAlone +=
          bootstrap.overQuestions(values, Clusters.single(values[0].length)).contains(0.5) ? 1 : 0;
    }
    assertThat(covered / (double) studies).isBetween(0.88, 0.99);
    assertThat(asIfAlone / (double) studies).isLessThan(0.6);
  }
}
