package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.TrainingCost;
import malt.model.AdapterRef;
import malt.training.DpoSettings;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teams of any shape go from questions to numbers by configuration alone. */
class ChainsTest {
  /** STaR, from the trees that joint samples. */
  private static final String STAR =
      "schedules.star={label: '', rounds: [{name: joint, train: []},"
          + " {name: star, trees: [joint], settings: {credit: {pooling: own}},"
          + " train: [{method: sft}]}]}";

  @TempDir private Path folder;

  private final RecordingTrainer trainer = new RecordingTrainer();

  private RunLayout.Seed seed() {
    return new RunLayout(folder.resolve("run")).seed(1);
  }

  private EvaluationReport run(TinyTeams team) {
    return run(team.overrides());
  }

  private EvaluationReport run(String... overrides) {
    ExperimentConfig config = TinyConfig.with(overrides);
    ConfigRules.check(config, "tiny.yaml");
    Path root = folder.resolve("run");
    new ToyExperiment(root, config).run(ToyExperiment.model(), trainer);
    return EvaluationFiles.read(new RunLayout(root).evaluation());
  }

  @Test
  void a_generator_alone() {
    EvaluationReport report = run(TinyTeams.ALONE);
    assertThat(trainer.names()).containsExactly("joint/generator/sft");
    assertThat(report.methods()).containsKeys("SA", "SA+MV");
  }

  @Test
  void a_generator_and_a_refiner() {
    EvaluationReport report = run(TinyTeams.PAIR);
    assertThat(trainer.names())
        .containsExactly("joint/generator/sft", "joint/refiner/sft", "joint/refiner/dpo");
    assertThat(report.methods()).containsKeys("MALT+MV", "MALT+MV, untrained refiner");
  }

  @Test
  void a_chain_of_five_in_which_two_roles_speak_twice_under_one_adapter_each() {
    EvaluationReport report = run(TinyTeams.TWICE);
    assertThat(trainer.names())
        .containsExactly(
            "joint/generator/sft",
            "joint/verifier/sft",
            "joint/refiner/sft",
            "joint/verifier/dpo",
            "joint/refiner/dpo");
    assertThat(report.turns().get("MALT"))
        .containsOnlyKeys("generator", "verifier", "refiner", "verifier-2", "refiner-2");
    assertThat(report.verifier().get("MALT")).containsOnlyKeys("verifier", "verifier-2");
  }

  @Test
  void a_loop_ends_where_the_verifier_does_not_object() {
    EvaluationReport report = run(TinyTeams.LOOP);
    assertThat(report.methods().keySet()).contains("MA+MV", "MALT+MV");
    List<String> lineages =
        RunContents.rows(folder.resolve("run/seed-1/journal.db")).stream().toList();
    assertThat(lineages).anyMatch(row -> row.contains("refiner-2="));
  }

  @Test
  void a_debate_that_learns() {
    EvaluationReport report = run(TinyTeams.DEBATE);
    assertThat(trainer.names()).containsExactly("joint/debater/sft", "joint/debater/dpo");
    assertThat(report.methods().keySet()).contains("MA", "MALT+MV", "debate");
  }

  @Test
  void single_agents_vote_with_as_many_calls_as_the_team_where_that_is_asked_for() {
    EvaluationReport report = run("run=[star, joint]", STAR, "evaluation.equal_calls=true");
    assertThat(report.methods().keySet())
        .containsSubsequence("SA+MV", "MA+MV", "SA+MV9", "STaR MA+MV", "STaR SA+MV9", "MALT+MV");
    assertThat(report.methods().get("SA+MV9").calls())
        .isEqualTo(report.methods().get("MALT+MV").calls())
        .isEqualTo(9);
    assertThat(report.comparisons())
        .extracting(ComparisonResult::a, ComparisonResult::b)
        .contains(tuple("MALT+MV", "SA+MV9"), tuple("MALT+MV", "STaR SA+MV9"));
  }

  @Test
  void star_is_a_schedule_whose_roles_imitate_what_is_right_by_their_own_standard() {
    EvaluationReport report =
        run("run=[star, joint]", STAR, "datasets.contested_only=false", "datasets.balance=false");
    assertThat(report.methods().keySet())
        .containsSubsequence("STaR SA", "STaR MA+MV", "SFT SA", "SFT MA+MV", "MALT+MV")
        .doesNotHaveDuplicates();
    assertThat(new Teams(TinyConfig.with("run=[star, joint]", STAR), seed()).all().keySet())
        .extracting(AdapterRef::name)
        .contains("star/verifier/sft", "joint/verifier/sft", "joint/verifier/dpo");
    Path star = folder.resolve("run/seed-1/star");
    assertThat(DatasetFiles.readExamples(star.resolve("generator/sft.jsonl")))
        .isNotEmpty()
        .allSatisfy(example -> assertThat(right(example.completion().text(), example)).isTrue());
    assertThat(DatasetFiles.readExamples(star.resolve("verifier/sft.jsonl")))
        .isNotEmpty()
        .allSatisfy(
            example ->
                assertThat(example.completion().text().startsWith("wrong"))
                    .isEqualTo(!right(example.prompt().messages().get(1).text(), example)));
  }

  private static boolean right(String answer, SftExample example) {
    return answer.equals("#### " + ToyExperiment.sum(example.prompt().messages().get(0).text()));
  }

  @Test
  void a_row_knows_what_its_training_took() {
    String twice =
        STAR.replace("star={label: ''", "star-2={label: x2")
            .replace(
                "}]}]}",
                "}]}, {name: star-2, trees: all, branching: [2, 1, 1],"
                    + " settings: {credit: {pooling: own}}, train: [{method: sft}]}]}");
    EvaluationReport report = run("run=[star, star-2, joint]", STAR, twice);
    // 4 questions: trees of 3 + 6 + 12 nodes, then of 2 + 2 + 2
    assertThat(report.methods().get("MA+MV").training()).isEqualTo(TrainingCost.NONE);
    assertThat(report.methods().get("STaR MA+MV").training())
        .extracting(TrainingCost::rounds, TrainingCost::nodes)
        .containsExactly(1L, 4 * 21L);
    // whose generator is judged by its own answers, unlike MALT's, and needs no other nodes
    assertThat(report.methods().get("STaR SA").training().nodes()).isEqualTo(4 * 3);
    assertThat(report.methods().get("SFT SA").training().nodes()).isEqualTo(4 * 21);
    TrainingCost once = report.methods().get("STaR MA").training();
    TrainingCost again = report.methods().get("STaR MA x2").training();
    assertThat(again.rounds()).isEqualTo(2);
    assertThat(again.nodes()).isEqualTo(4 * (21 + 6));
    // who sampled the second trees was trained for it
    assertThat(again.tokensTrained()).isGreaterThan(once.tokensTrained()).isPositive();
    assertThat(again.tokensSampled()).isGreaterThan(once.tokensSampled()).isPositive();
    assertThat(again.reaches(once)).isTrue();
    assertThat(once.reaches(again)).isFalse();
  }

  @Test
  void a_round_trains_by_what_it_says_otherwise() {
    run(
        "run=[plain, joint]",
        "schedules.plain={label: P, rounds: [{name: plain, train: [{method: sft}, {method: dpo}],"
            + " settings: {dpo: {beta: 0.2, nll_weight: 0, optimizer: {epochs: 3}},"
            + " datasets: {max_pairs: 1}}}]}");
    DpoSettings common = TinyConfig.with().dpo();
    DpoSettings plain = (DpoSettings) trainer.job("plain/refiner/dpo").method();
    assertThat(plain.beta()).isEqualTo(0.2);
    assertThat(plain.nllWeight()).isZero();
    assertThat(plain.optimizer().epochs()).isEqualTo(3);
    assertThat(plain.optimizer().learningRate()).isEqualTo(common.optimizer().learningRate());
    assertThat(trainer.job("joint/refiner/dpo").method()).isEqualTo(common);
    Path seed = folder.resolve("run/seed-1");
    assertThat(DatasetFiles.readPairs(seed.resolve("plain/refiner/dpo.jsonl"))).hasSize(1);
    assertThat(DatasetFiles.readPairs(seed.resolve("joint/refiner/dpo.jsonl")))
        .hasSizeGreaterThan(1);
  }

  @Test
  void repeated_rounds_go_on_from_their_adapters() {
    run(
        "run=[joint]",
        "schedules.joint.rounds=[{name: a, train: [{method: sft}, {method: dpo}]},"
            + " {name: b, repeat: 2, threshold: 0.6, train: [{method: sft, from: current}]}]");
    assertThat(trainer.names())
        .containsExactly(
            "a/generator/sft",
            "a/verifier/sft",
            "a/refiner/sft",
            "a/verifier/dpo",
            "a/refiner/dpo",
            "b/generator/sft",
            "b/verifier/sft",
            "b/refiner/sft",
            "b-2/generator/sft",
            "b-2/verifier/sft",
            "b-2/refiner/sft");
    assertThat(trainer.job("b-2/refiner/sft").start().name()).isEqualTo("b/refiner/sft");
    assertThat(trainer.job("b/refiner/sft").start().name()).isEqualTo("a/refiner/dpo");
  }

  @Test
  void a_chain_of_five_whose_verifier_stands_in_the_middle() {
    EvaluationReport report = run(TinyTeams.FIVE);
    assertThat(report.methods().keySet())
        .endsWith(
            "MALT+MV, G",
            "MALT+MV, G+V",
            "MALT+MV, G+V+R",
            "MALT+MV, G+V+R+C",
            "MALT+MV, G+R+C+E",
            "MALT+MV, shuffled critiques",
            "MALT+MV, swapped adapters");
    assertThat(report.verifier().get("MALT")).containsOnlyKeys("verifier");
    assertThat(report.teams().get("MALT"))
        .extracting("name")
        .isEqualTo(List.of("generator", "verifier", "refiner", "checker", "editor"));
    assertThat(report.methods().get("MALT+MV, G+V").calls()).isEqualTo(6);
  }

  @Test
  void a_team_that_is_planned_like_an_earlier_one_is_not_there_twice() {
    EvaluationReport report =
        run(
            "run=[joint, generator-first, sft-first]",
            "team.generator.learns=[sft, dpo]",
            "team.verifier.learns=[sft]",
            "team.refiner.learns=[sft]");
    // the generator's adapters are joint's under each schedule, the others' SFT under sft-first
    assertThat(report.methods().keySet())
        .contains("SFT MA", "SFT MA GF", "MALT", "MALT GF")
        .noneMatch(name -> name.endsWith(" SF") || name.endsWith(" SF+MV"));
  }
}
