package malt.evaluation;

import static malt.evaluation.Toy.BASE;
import static malt.evaluation.Toy.GRADER;
import static malt.evaluation.Toy.MA;
import static malt.evaluation.Toy.SA;
import static malt.evaluation.Toy.cut;
import static malt.evaluation.Toy.pass;
import static malt.evaluation.Toy.problem;
import static malt.evaluation.Toy.says;
import static malt.evaluation.Toy.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.agent.Judgement;
import malt.problem.Grade;
import malt.tree.SearchTree;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final Method MA_MV =
      new Method("MA", new PassVote(PassVote.LAST, 3), BASE.meaning().vote(3));

  private static TeamEvaluation evaluate(List<Method> methods, SearchTree... trees) {
    return evaluate(BASE, methods, trees);
  }

  private static TeamEvaluation evaluate(
      EvaluatedTeam team, List<Method> methods, SearchTree... trees) {
    TeamReading reading = new Evaluator(GRADER).read(1, team, methods);
    List.of(trees).forEach(reading::add);
    return reading.evaluation();
  }

  private static TeamDiagnosis diagnose(SearchTree... trees) {
    TeamDiagnosis diagnosis = evaluate(List.of(), trees).diagnosis();
    assertThat(diagnosis).isNotNull();
    return diagnosis;
  }

  @Test
  void several_methods_read_the_same_passes() {
    TeamEvaluation evaluation =
        evaluate(
            List.of(SA, MA, MA_MV, new Method("MALT", new PassVote(0, 1), Toy.TRAINED.meaning())),
            tree(
                problem(1, "5"),
                pass("=5", "wrong", "=4"),
                pass("=4", "ok", "=5"),
                pass("=4", "ok", "=05")));
    assertThat(evaluation.outcomes())
        .containsExactly(
            new QuestionOutcome("SA", 1, "p1", "p1", "5", Grade.CORRECT),
            new QuestionOutcome("MA", 1, "p1", "p1", "4", Grade.INCORRECT),
            new QuestionOutcome("MA+MV", 1, "p1", "p1", "5", Grade.CORRECT));
  }

  @Test
  void outcomes_stand_method_by_method_however_trees_pass_by() {
    assertThat(
            evaluate(
                    List.of(SA, MA),
                    tree(problem(1, "5"), pass("=5", "ok", "=5")),
                    tree(problem(2, "5"), pass("=4", "ok", "=5")))
                .outcomes())
        .extracting(outcome -> outcome.method() + " " + outcome.problemId())
        .containsExactly("SA p1", "SA p2", "MA p1", "MA p2");
  }

  @Test
  void a_refiner_that_states_no_answer_is_incorrect_without_an_answer() {
    assertThat(evaluate(List.of(MA), tree(problem(1, "5"), pass("=5", "ok", "fine"))).outcomes())
        .containsExactly(new QuestionOutcome("MA", 1, "p1", "p1", null, Grade.INCORRECT));
  }

  @Test
  void a_question_whose_votes_all_failed_is_ungradable_not_incorrect() {
    TeamEvaluation evaluation =
        evaluate(
            List.of(MA_MV),
            tree(
                problem(1, "5"),
                pass(Toy.FAILED),
                pass("=5", Toy.FAILED),
                pass("=5", "ok", Toy.FAILED)));
    assertThat(evaluation.outcomes())
        .containsExactly(new QuestionOutcome("MA+MV", 1, "p1", "p1", null, Grade.UNGRADABLE));
    assertThat(evaluation.grading().get("MA+MV")).isEqualTo(new GradingCounts(3, 0, 0, 3));
  }

  @Test
  void a_failed_vote_leaves_the_others_to_decide_and_is_counted() {
    TeamEvaluation evaluation =
        evaluate(
            List.of(MA_MV),
            tree(
                problem(1, "5"),
                pass(Toy.FAILED),
                pass("=4", "ok", "hm"),
                List.of(says("=4"), says("ok"), cut("=5"))));
    assertThat(evaluation.outcomes())
        .containsExactly(new QuestionOutcome("MA+MV", 1, "p1", "p1", "5", Grade.CORRECT));
    assertThat(evaluation.grading().get("MA+MV")).isEqualTo(new GradingCounts(3, 1, 1, 1));
  }

  @Test
  void a_broken_reference_is_ungradable() {
    assertThat(evaluate(List.of(MA), tree(problem(1, "?"), pass("=5", "ok", "=5"))).outcomes())
        .containsExactly(new QuestionOutcome("MA", 1, "p1", "p1", "5", Grade.UNGRADABLE));
  }

  @Test
  void an_agent_that_states_no_answer_leaves_the_previous_one_standing() {
    TeamDiagnosis diagnosis =
        diagnose(
            tree(
                problem(1, "5"),
                pass("=5", "looks good", "I agree"), // right right right
                pass("=4", "should be =5", "=6"), // wrong right wrong
                pass("hm", "ok", "=5"), // wrong wrong right
                pass("=4", "wrong", "=5"))); // wrong wrong right
    assertThat(diagnosis.passes()).isEqualTo(4);
    assertThat(diagnosis.right()).containsExactly(1L, 2L, 3L);
    assertThat(diagnosis.accuracies())
        .containsExactly(
            Map.entry("generator", 0.25), Map.entry("verifier", 0.5), Map.entry("refiner", 0.75));
  }

  @Test
  void flips_go_from_the_generators_answer_to_the_last_text_and_add_up_to_the_passes() {
    Flips flips =
        diagnose(
                tree(
                    problem(1, "5"),
                    pass("=5", "ok", "=5"),
                    pass("=5", "wrong", "=4"),
                    pass("=5", "ok", "I agree"), // the last text states no answer
                    pass("=4", "wrong", "=5"),
                    pass("=4", "wrong", "=3"),
                    pass("hm", "wrong", "=3"),
                    pass("=5", Toy.FAILED)),
                tree(problem(2, "?"), pass("=5", "ok", "=5")))
            .flips();
    assertThat(flips).isEqualTo(new Flips(1, 2, 1, 2));
  }

  @Test
  void the_verifier_is_judged_by_the_answers_it_flags() {
    List<FlagCounts> all =
        diagnose(
                tree(
                    problem(1, "5"),
                    pass("=5", "ok", "=5"),
                    pass("=5", "ok", "=5"),
                    pass("=5", "ok", "=5"),
                    pass("=5", "wrong", "=5"),
                    pass("=4", "wrong", "=5"),
                    pass("=4", "ok", "=5")))
            .flags();
    FlagCounts flags = all.get(1);
    assertThat(flags).isEqualTo(new FlagCounts(2, 1, 4, 1));
    assertThat(all).containsExactly(FlagCounts.NONE, flags, FlagCounts.NONE);
    // recall 1/2, false alarms 1/4, balanced (1/2 + 3/4) / 2
    assertThat(VerifierQuality.of(flags)).isEqualTo(new VerifierQuality(0.5, 0.25, 0.625, 2, 4));
  }

  @Test
  void verifier_quality_is_unknown_where_nothing_was_wrong() {
    FlagCounts flags = diagnose(tree(problem(1, "5"), pass("=5", "ok", "=5"))).flags().get(1);
    assertThat(VerifierQuality.of(flags)).isEqualTo(new VerifierQuality(null, 0.0, null, 0, 1));
  }

  @Test
  void debates_and_single_agents_have_no_diagnosis() {
    SearchTree pair = tree(problem(1, "5"), pass("=1", "=5"));
    EvaluatedTeam debate =
        new EvaluatedTeam(Meaning.debate(2, ""), Toy.chain(List.of("a1", "b1"), ""), 2, false);
    assertThat(evaluate(debate, List.of(), pair).diagnosis()).isNull();
    SearchTree single = tree(problem(1, "5"), pass("=5"));
    assertThat(evaluate(BASE.first(1), List.of(), single).diagnosis()).isNull();
  }

  private static EvaluatedTeam chain(String... roles) {
    List<Turn> turns = Toy.chain(List.of(roles), Toy.FLAG);
    return new EvaluatedTeam(Meaning.base(turns), turns, false);
  }

  private static TeamDiagnosis diagnose(EvaluatedTeam team, SearchTree tree) {
    TeamDiagnosis diagnosis = evaluate(team, List.of(), tree).diagnosis();
    assertThat(diagnosis).isNotNull();
    return diagnosis;
  }

  @Test
  void every_verifier_of_a_chain_of_five_is_judged_by_the_answer_before_itself() {
    TeamDiagnosis diagnosis =
        diagnose(
            chain("generator", "verifier", "refiner", "verifier", "refiner"),
            tree(
                problem(1, "5"),
                pass("=4", "wrong", "=5", "ok", "=5"),
                pass("=4", "wrong", "=4", "ok", "=5"),
                pass("=5", "ok", "=5", "wrong", "=4")));
    assertThat(diagnosis.judges())
        .containsExactly(
            Map.entry("verifier", new VerifierQuality(1.0, 0.0, 1.0, 2, 1)),
            Map.entry("verifier-2", new VerifierQuality(0.0, 0.5, 0.25, 1, 2)));
    assertThat(diagnosis.accuracies().keySet())
        .containsExactly("generator", "verifier", "refiner", "verifier-2", "refiner-2");
  }

  @Test
  void in_a_chain_that_ends_with_a_verifier_the_answer_is_the_one_judged() {
    EvaluatedTeam team = chain("generator", "verifier");
    SearchTree tree = tree(problem(1, "5"), pass("=5", "wrong, =4"), pass("=4", "ok"));
    assertThat(diagnose(team, tree).judges())
        .containsExactly(Map.entry("verifier", new VerifierQuality(0.0, 1.0, 0.0, 1, 1)));
    assertThat(evaluate(team, List.of(MA), tree).outcomes())
        .containsExactly(new QuestionOutcome("MA", 1, "p1", "p1", "5", Grade.CORRECT));
    assertThat(diagnose(chain("generator", "refiner"), tree).judges()).isEmpty();
  }

  @Test
  void a_pass_may_end_where_nobody_objects() {
    List<Turn> turns = new ArrayList<>(Toy.TURNS);
    turns.set(1, new Turn("verifier", "verifier", new Judgement(0, Toy.FLAG, true)));
    EvaluatedTeam team = new EvaluatedTeam(BASE.meaning(), turns, false);
    SearchTree tree = tree(problem(1, "5"), pass("=5", "fine"), pass("=4", "wrong", "=5"));
    TeamEvaluation evaluation = evaluate(team, List.of(MA), tree);
    assertThat(evaluation.outcomes())
        .containsExactly(new QuestionOutcome("MA", 1, "p1", "p1", "5", Grade.CORRECT));
    TeamDiagnosis diagnosis = diagnose(team, tree);
    assertThat(diagnosis.right()).containsExactly(1L, 1L, 2L);
    assertThat(diagnosis.flips()).isEqualTo(new Flips(1, 0, 1, 0));
    assertThatThrownBy(
            () -> evaluate(team, List.of(MA), tree(problem(1, "5"), pass("=5", "wrong"))))
        .hasMessageContaining("a pass has 2 of 3 turns");
  }

  @Test
  void too_few_passes_for_the_votes_is_an_error_that_names_both() {
    assertThatThrownBy(
            () -> evaluate(List.of(MA_MV), tree(problem(1, "5"), pass("=5", "ok", "=5"))))
        .isInstanceOf(ConfigException.class)
        .hasMessage("method MA+MV reads 3 passes a question, but team MA has 1 for problem p1");
  }

  @Test
  void an_unfinished_pass_is_refused() {
    assertThatThrownBy(() -> evaluate(List.of(MA), tree(problem(1, "5"), pass("=5", "ok"))))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("seed 1, team MA, problem p1")
        .hasMessageContaining("2 of 3 turns");
  }

  @Test
  void a_problem_sampled_twice_is_refused() {
    SearchTree tree = tree(problem(1, "5"), pass("=5", "ok", "=5"));
    assertThatThrownBy(() -> evaluate(List.of(MA), tree, tree))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("twice");
  }
}
