package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Outcomes;
import malt.evaluation.PaperNumbers;
import malt.evaluation.QuestionOutcome;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;
import malt.problem.Grader;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.training.AdapterTrainer;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTaskTest {
  private static final AdapterTrainer NO_TRAINER =
      (jobs, listener) -> {
        throw new AssertionError("something was trained");
      };

  @TempDir private Path folder;

  private final ScriptedModel model = ToyExperiment.model();

  private ToyExperiment experiment(String... overrides) {
    return new ToyExperiment(folder.resolve("run"), TinyConfig.with(overrides));
  }

  private EvaluationReport rows(String names, String... overrides) {
    Path target = folder.resolve("rows");
    experiment(overrides)
        .use(
            model,
            NO_TRAINER,
            malt -> malt.evaluate(malt.task().withRows(names, new RunLayout(target))));
    assertThat(folder.resolve("run/evaluation.json")).doesNotExist();
    return EvaluationFiles.read(target.resolve("evaluation.json"));
  }

  private long sampled() {
    return model.calls().stream()
        .flatMap(List::stream)
        .map(SamplingRequest::seeds)
        .mapToLong(List::size)
        .sum();
  }

  @Test
  void a_single_answer_of_the_base_is_one_call_a_question_and_needs_no_training() {
    EvaluationReport report = rows("SA");
    assertThat(report.methods().keySet()).containsExactly("SA");
    assertThat(sampled()).isEqualTo(4);
    assertThat(report.methods().get("SA").calls()).isEqualTo(1);
    assertThat(report.turns()).isEmpty();
    assertThat(report.comparisons()).isEmpty();
  }

  @Test
  void rows_are_read_from_no_more_passes_and_turns_than_they_need() {
    assertThat(rows("SA+MV, SA").methods().keySet()).containsExactly("SA", "SA+MV");
    assertThat(sampled()).isEqualTo(4 * 3);
    assertThat(rows("MA").turns()).containsKey("MA");
    assertThat(sampled()).as("one critique and one refinement more").isEqualTo(4 * (3 + 2));
    rows("MA+MV");
    assertThat(sampled()).isEqualTo(4 * 9);
    EvaluationReport debate = rows("debate,SA");
    assertThat(sampled()).isEqualTo(4 * (9 + 4));
    assertThat(debate.comparisons()).extracting("a", "b").hasSize(1);
  }

  @Test
  void a_row_of_a_trained_team_needs_its_schedule_trained() {
    assertThatThrownBy(() -> rows("SA,MALT+MV"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("malt train");
    assertThat(sampled()).as("sampled before it was known").isZero();
  }

  @Test
  void an_unknown_row_is_named_with_those_that_are() {
    assertThatThrownBy(() -> rows("SA,MALTT"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no row 'MALTT'")
        .hasMessageContaining("SA+MV; MA; MA+MV; SA+MV9; SFT SA");
  }

  @Test
  void every_ablation_is_a_row_whatever_the_configuration_asks_for() {
    ToyExperiment toy = experiment("evaluation.ablations=[]");
    toy.run(model, new RecordingTrainer());
    Path target = folder.resolve("rows");
    String names =
        "MALT+MV,MALT+MV, untrained refiner,MALT GF+MV, swapped adapters,debate,MALT+MV, G+V";
    toy.use(
        model,
        NO_TRAINER,
        malt -> malt.evaluate(malt.task().withRows(names, new RunLayout(target))));
    assertThat(EvaluationFiles.read(target.resolve("evaluation.json")).methods().keySet())
        .containsExactly(
            "MALT+MV",
            "debate",
            "MALT+MV, G+V",
            "MALT+MV, untrained refiner",
            "MALT GF+MV, swapped adapters");
  }

  @Test
  void every_questions_answer_is_kept() {
    EvaluationReport report = rows("SA,MA+MV");
    List<QuestionOutcome> outcomes = Outcomes.read(folder.resolve("rows/outcomes.jsonl"));
    assertThat(outcomes).hasSize(2 * 4);
    report
        .methods()
        .forEach(
            (name, row) ->
                assertThat(outcomes)
                    .filteredOn(outcome -> outcome.method().equals(name) && outcome.correct())
                    .hasSize((int) row.correct()));
  }

  @Test
  void other_questions_are_answered_and_graded_by_themselves() {
    List<Problem> others = ToyBenchmark.problems(9).subList(6, 9);
    Grader grader = ToyBenchmark.GRADER;
    Path target = folder.resolve("other");
    experiment()
        .use(
            model,
            NO_TRAINER,
            malt ->
                malt.evaluate(
                    new EvaluationTask(
                        "test/other",
                        others,
                        "others",
                        grader,
                        "SA",
                        PaperNumbers.of(""),
                        new RunLayout(target))));
    EvaluationReport report = EvaluationFiles.read(target.resolve("evaluation.json"));
    assertThat(report.questions()).isEqualTo(3);
    assertThat(report.benchmark()).isEqualTo("others");
    assertThat(Outcomes.read(target.resolve("outcomes.jsonl")))
        .extracting(QuestionOutcome::problemId)
        .containsExactly("toy-6", "toy-7", "toy-8");
  }

  @Test
  void the_papers_numbers_stand_beside_the_rows_that_are_there() {
    EvaluationReport report = rows("SA,debate", "evaluation.paper=math-llama-3.1-8b-instruct");
    assertThat(report.paper().methods())
        .containsOnlyKeys("SA", "debate")
        .containsEntry("SA", new PaperNumbers.Published(0.495, 0.0206))
        .containsEntry("debate", new PaperNumbers.Published(0.52, null));
  }
}
