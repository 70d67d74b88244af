package malt.evaluation;

import static malt.evaluation.Toy.GRADER;
import static malt.evaluation.Toy.MA;
import static malt.evaluation.Toy.SA;
import static malt.evaluation.Toy.TRAINED;
import static malt.evaluation.Toy.pass;
import static malt.evaluation.Toy.problem;
import static malt.evaluation.Toy.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.problem.Grade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {
  private static final EvaluationSubject SUBJECT =
      new EvaluationSubject("run", Instant.EPOCH, "nano", "sums", "toy", 1, PaperNumbers.of(""));
  private static final Evaluator EVALUATOR = new Evaluator(GRADER);
  private static final Method MALT =
      new Method("MALT", new PassVote(PassVote.LAST, 1), TRAINED.meaning());

  @TempDir Path directory;

  /** One problem per letter pair: the generator is (r)ight or (w)rong, then the refiner is. */
  private static TeamEvaluation passes(long seed, String... outcomes) {
    TeamReading reading = EVALUATOR.read(seed, Toy.BASE, List.of(SA, MA));
    for (int i = 0; i < outcomes.length; i++) {
      String generator = outcomes[i].charAt(0) == 'r' ? "=1" : "=2";
      String refiner = outcomes[i].charAt(1) == 'r' ? "=1" : "=2";
      reading.add(tree(problem(i, "1"), pass(generator, "ok", refiner)));
    }
    return reading.evaluation();
  }

  private static EvaluationReport report(TeamEvaluation... evaluations) {
    return EVALUATOR.report(
        SUBJECT, List.of(evaluations), List.of(SA, MA), List.of(new Comparison("MA", "SA")));
  }

  @Test
  void one_seed_is_mc_nemar_and_wilson() {
    EvaluationReport report = report(passes(1, "wr", "wr", "wr", "wr", "wr", "rw", "rr", "ww"));
    MethodResult sa = report.methods().get("SA");
    assertThat(sa.n()).isEqualTo(8);
    assertThat(sa.correct()).isEqualTo(2);
    assertThat(sa.accuracy()).isEqualTo(0.25);
    assertThat(sa.interval()).isEqualTo(Interval.wilson(2, 8));
    assertThat(sa.intervalKind()).isEqualTo("Wilson");
    assertThat(sa.calls()).isEqualTo(1);
    assertThat(report.methods().get("MA").calls()).isEqualTo(3);
    assertThat(sa.tokens()).isEqualTo(1); // a token a completion
    assertThat(report.methods().get("MA").tokens()).isEqualTo(3);

    ComparisonResult comparison = report.comparisons().get(0);
    assertThat(comparison.difference()).isEqualTo(0.5); // (5 - 1) / 8
    assertThat(comparison.relative()).isEqualTo(2.0);
    assertThat(comparison.interval().contains(0.5)).isTrue();
    // 5 against 1: 2 (1 + 6) / 64
    assertThat(comparison.p()).isCloseTo(14.0 / 64, within(1e-12));
    assertThat(comparison.pHolm()).isEqualTo(comparison.p());
    assertThat(comparison.basis()).isEqualTo(ComparisonResult.Basis.ADAPTERS);
    assertThat(comparison.given().p()).isEqualTo(comparison.p());
    assertThat(comparison.mcnemar())
        .containsExactly(new ComparisonResult.McNemar(1, 5, 1, comparison.p()));
    assertThat(report.flips().get("MA")).isEqualTo(new Flips(1, 1, 5, 1));
    assertThat(report.turns().get("MA"))
        .containsEntry("generator", 0.25)
        .containsEntry("verifier", 0.25)
        .containsEntry("refiner", 0.75);
  }

  @Test
  void several_seeds_speak_for_the_method_and_not_below_what_their_adapters_say() {
    EvaluationReport report =
        report(passes(2, "wr", "wr", "rr", "rw"), passes(1, "wr", "ww", "rr", "rr"));
    assertThat(report.seeds()).containsExactly(1L, 2L);
    assertThat(report.questions()).isEqualTo(4);
    MethodResult ma = report.methods().get("MA");
    assertThat(ma.n()).isEqualTo(8);
    assertThat(ma.correct()).isEqualTo(6);
    assertThat(ma.seeds())
        .containsExactly(
            new MethodResult.SeedResult(1, 4, 3, 0.75), new MethodResult.SeedResult(2, 4, 3, 0.75));
    assertThat(ma.intervalKind()).startsWith("Student's t over seeds");
    // differences by question over both seeds: 2, 1, 0, -1; sum 2 of magnitudes 2 1 1:
    // sums over the 8 flips 4 2 2 0 0 -2 -2 -4, of which 6 are at least 2 away from 0
    ComparisonResult comparison = report.comparisons().get(0);
    assertThat(comparison.given().p()).isCloseTo(6.0 / 8, within(1e-12));
    // both seeds gain 1/4, so that the t test alone would be sure of it
    assertThat(comparison.basis()).isEqualTo(ComparisonResult.Basis.SEEDS);
    assertThat(comparison.p()).isEqualTo(comparison.given().p());
    assertThat(comparison.interval()).isEqualTo(comparison.given().interval());
    assertThat(comparison.difference()).isEqualTo(0.25);
    assertThat(report.comparisons().get(0).mcnemar())
        .extracting(ComparisonResult.McNemar::seed)
        .containsExactly(1L, 2L);
  }

  @Test
  void the_order_of_seeds_and_questions_does_not_matter() {
    Random random = new Random(7);
    List<TeamEvaluation> evaluations = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      String[] outcomes = new String[30];
      for (int i = 0; i < outcomes.length; i++) {
        outcomes[i] = List.of("rr", "rw", "wr", "ww").get(random.nextInt(4));
      }
      evaluations.add(passes(seed, outcomes));
    }
    EvaluationReport before = report(evaluations.toArray(TeamEvaluation[]::new));
    Collections.reverse(evaluations);
    List<TeamEvaluation> shuffled =
        evaluations.stream()
            .map(
                e -> {
                  List<QuestionOutcome> outcomes = new ArrayList<>(e.outcomes());
                  Collections.shuffle(outcomes, random);
                  return new TeamEvaluation(
                      e.seed(),
                      e.team(),
                      e.turns(),
                      outcomes,
                      e.grading(),
                      e.tokens(),
                      e.training(),
                      e.diagnosis());
                })
            .toList();
    assertThat(report(shuffled.toArray(TeamEvaluation[]::new))).isEqualTo(before);
  }

  @Test
  void the_power_of_the_evaluation_is_stated_in_words() {
    String[] outcomes = new String[400];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = i < 40 ? "wr" : i < 60 ? "rw" : "rr";
    }
    EvaluationReport report = report(passes(1, outcomes));
    Double detectable = report.comparisons().get(0).detectable();
    assertThat(report.power())
        .isEqualTo(
            "With 400 questions and 1 seed a difference of %.1f points is detected with 80 %% probability at p < 0.05, uncorrected."
                .formatted(100 * Objects.requireNonNull(detectable)));
  }

  @Test
  void evaluation_json_reads_back_as_it_was_written() {
    EvaluationReport report = report(passes(1, "wr", "rr", "ww"), passes(2, "ww", "rr", "rw"));
    Path file = directory.resolve("evaluation.json");
    EvaluationFiles.write(file, report);
    assertThat(EvaluationFiles.read(file)).isEqualTo(report);
    assertThat(directory).isDirectoryContaining(path -> path.equals(file));
    assertThat(directory.toFile().list()).containsExactly("evaluation.json");
  }

  @Test
  void evaluation_json_keeps_its_keys_and_their_order() throws IOException {
    Path file = directory.resolve("evaluation.json");
    EvaluationFiles.write(file, report(passes(1, "wr", "rr", "ww")));
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(keys(json))
        .containsExactly(
            "format",
            "name",
            "created",
            "model",
            "benchmark",
            "grader",
            "questions",
            "seeds",
            "votes",
            "paper",
            "test",
            "power",
            "teams",
            "methods",
            "comparisons",
            "turns",
            "flips",
            "verifier",
            "grading");
    assertThat(json.get("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(keys(json.get("methods"))).containsExactly("SA", "MA");
    assertThat(keys(json.at("/methods/SA")))
        .containsExactly(
            "team",
            "meaning",
            "n",
            "correct",
            "ungradable",
            "accuracy",
            "interval",
            "interval_kind",
            "calls",
            "tokens",
            "training",
            "seeds");
    assertThat(json.at("/methods/SA/training").toString())
        .isEqualTo("{\"rounds\":0,\"nodes\":0,\"tokens_sampled\":0,\"tokens_trained\":0}");
    assertThat(json.at("/methods/SA/meaning").toString())
        .isEqualTo(
            "{\"kind\":\"base\",\"schedule\":null,\"label\":\"\",\"study\":null,\"alone\":true,"
                + "\"voted\":false,\"votes\":1,\"matched\":false,"
                + "\"sentence\":\"one answer of the untrained generator\",\"note\":\"\"}");
    assertThat(json.at("/teams/MA/1").toString())
        .isEqualTo(
            "{\"name\":\"verifier\",\"role\":\"verifier\",\"judges\":"
                + "{\"turn\":0,\"flag\":\"\\\\bwrong\\\\b\",\"ends\":false}}");
    assertThat(json.at("/methods/SA/interval").isArray()).isTrue();
    assertThat(keys(json.at("/comparisons/0")))
        .containsExactly(
            "a",
            "b",
            "difference",
            "basis",
            "interval",
            "relative",
            "p",
            "p_holm",
            "given",
            "detectable",
            "mcnemar");
    assertThat(json.at("/comparisons/0/mcnemar/0").toString())
        .isEqualTo("{\"seed\":1,\"a_only\":1,\"b_only\":0,\"p\":1.0}");
    assertThat(json.at("/flips/MA").toString())
        .isEqualTo("{\"right->right\":1,\"right->wrong\":0,\"wrong->right\":1,\"wrong->wrong\":1}");
    assertThat(json.at("/verifier/MA/verifier").toString())
        .isEqualTo(
            "{\"recall\":0.0,\"false_alarm\":0.0,\"balanced_accuracy\":0.5,\"wrong\":2,\"right\":1}");
    assertThat(json.at("/grading/MA").toString())
        .isEqualTo("{\"completions\":3,\"no_answer\":0,\"truncated\":0,\"failed\":0}");
  }

  @Test
  void a_file_of_another_format_is_refused_with_what_to_do() throws IOException {
    Path file = directory.resolve("evaluation.json");
    EvaluationFiles.write(file, report(passes(1, "wr", "rr", "ww")));
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"format\" : 3,", ""));
    assertThatThrownBy(() -> EvaluationFiles.read(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage(
            file
                + " is of an earlier version, which named no format, and this version reads format"
                + " 3: run malt evaluate again with this version");
    Files.writeString(file, text.replace("\"format\" : 3", "\"format\" : 2"));
    assertThatThrownBy(() -> EvaluationFiles.read(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("is of format 2 and this version reads format 3");
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void outcomes_read_back_as_they_were_written() throws IOException {
    Path file = directory.resolve("outcomes.jsonl");
    List<QuestionOutcome> outcomes =
        List.of(
            new QuestionOutcome("SA", 1, "p\n1", "p\n1", "\"5\"", Grade.CORRECT),
            new QuestionOutcome("SA", 1, "p2", "p2", null, Grade.UNGRADABLE));
    EvaluationFiles.writeOutcomes(file, outcomes);
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(Outcomes.read(file)).isEqualTo(outcomes);
  }

  @Test
  void a_missing_report_is_named() {
    assertThatThrownBy(() -> EvaluationFiles.read(directory.resolve("evaluation.json")))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining("evaluation.json");
  }

  @Test
  void seeds_with_different_questions_are_refused() {
    assertThatThrownBy(() -> report(passes(1, "rr", "rr"), passes(2, "rr")))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("same questions");
  }

  @Test
  void methods_with_different_questions_are_refused() {
    TeamReading reading = EVALUATOR.read(1, TRAINED, List.of(MALT));
    reading.add(tree(problem(9, "1"), pass("=1", "", "=1")));
    TeamEvaluation other = reading.evaluation();
    assertThatThrownBy(
            () ->
                EVALUATOR.report(
                    SUBJECT, List.of(passes(1, "rr"), other), List.of(SA, MALT), List.of()))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage("methods SA and MALT were evaluated on different questions (1 and 1)");
  }

  @Test
  void a_report_without_methods_is_refused() {
    assertThatThrownBy(() -> EVALUATOR.report(SUBJECT, List.of(), List.of(), List.of()))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void an_unknown_method_in_a_comparison_is_a_configuration_error() {
    assertThatThrownBy(
            () ->
                EVALUATOR.report(
                    SUBJECT,
                    List.of(passes(1, "rr")),
                    List.of(SA),
                    List.of(new Comparison("SA", "MAL"))))
        .isInstanceOf(ConfigException.class)
        .hasMessage("a comparison names method MAL; known: SA");
  }

  @Test
  void a_method_whose_team_was_not_sampled_is_a_configuration_error() {
    assertThatThrownBy(
            () -> EVALUATOR.report(SUBJECT, List.of(passes(1, "rr")), List.of(MALT), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MALT");
  }
}
