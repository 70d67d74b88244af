package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.Seeds;
import malt.agent.AgentTeam;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.TrainingCost;
import malt.model.AdapterRef;
import malt.model.ScriptedModel;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyStoppingTest {
  private static final ExperimentConfig CONFIG = TinyConfig.with(TinyConfig.STOPPING);

  @TempDir private Path folder;

  /** Better with the first two repetitions, worse with the third. */
  private static String answer(String prompt, AdapterRef adapter, long seed) {
    if (prompt.endsWith("Check the answer.<|assistant|>")) {
      return "fine " + Math.floorMod(seed, 4);
    }
    String round = adapter.name().replaceFirst("/.*", "");
    double skill =
        switch (round) {
          case "base" -> 0.4;
          case "more" -> 0.7;
          case "more-2" -> 0.95;
          default -> 0.2;
        };
    boolean right = Seeds.uniform(seed) < skill;
    return "#### " + (right ? ToyExperiment.sum(prompt) : 1000 + Math.floorMod(seed, 3));
  }

  private static Set<String> lineages(Path root, String scope) {
    return RunContents.rows(root.resolve("seed-1/journal.db")).stream()
        .filter(row -> row.startsWith(scope + " "))
        .map(row -> row.replaceFirst(" (\\|| value ).*", "").substring(scope.length() + 1))
        .collect(Collectors.toSet());
  }

  @Test
  void repetitions_end_when_they_do_not_help_and_the_best_ones_adapters_go_on() {
    Path root = folder.resolve("run");
    RecordingTrainer trainer = new RecordingTrainer();
    new ToyExperiment(root, CONFIG).run(new ScriptedModel(EarlyStoppingTest::answer), trainer);
    assertThat(trainer.names())
        .containsExactly(
            "more/refiner/sft", "more-2/refiner/sft", "more-3/refiner/sft", "last/verifier/sft");
    Plan.Schedule schedule = Plan.of(CONFIG).schedule("joint");
    RunLayout.Seed seed = new RunLayout(root).seed(1);
    List<RoundDiagnosis> measured =
        new EarlyStopping(seed).measured(schedule.rounds().get(0).stop());
    assertThat(measured).hasSize(4);
    assertThat(EarlyStopping.best(measured)).isEqualTo(2);
    assertThat(measured.get(2).questions()).isEqualTo(4);
    assertThat(measured.get(2).turns().get("verifier").completions()).isEqualTo(4 * 3);
    // What follows is sampled and evaluated with the second repetition's adapter.
    String best = "generator=base>verifier=base>refiner=more-2/refiner/sft";
    assertThat(lineages(root, "train/last")).contains(best);
    assertThat(lineages(root, "train/more-3")).contains(best);
    String malt = "generator=base>verifier=last/verifier/sft>refiner=more-2/refiner/sft";
    assertThat(lineages(root, "test")).contains(malt).noneMatch(line -> line.contains("more-3"));
    // The last round reads the trees of all three, and asks for no fourth.
    assertThat(seed.round("more-4").root()).doesNotExist();
    assertThat(lineages(root, "train/more-4")).isEmpty();
    TrainingCost cost =
        EvaluationFiles.read(new RunLayout(root).evaluation()).methods().get("MALT").training();
    assertThat(cost.rounds()).isEqualTo(4);
    assertThat(cost.nodes()).isEqualTo(4 * 4 * 21);
    assertThat(cost.tokensTrained()).isPositive();
    AgentTeam team = Teams.trained(CONFIG, new RunLayout(root), 1, "joint");
    assertThat(team.agents().get(2).adapter().name()).isEqualTo("more-2/refiner/sft");
  }

  @Test
  void a_team_that_no_repetition_helps_stays_as_it_was() {
    Path root = folder.resolve("run");
    RecordingTrainer trainer = new RecordingTrainer();
    ScriptedModel worse =
        new ScriptedModel(
            (prompt, adapter, seed) -> adapter.isBase() ? answer(prompt, adapter, seed) : "#### 1");
    new ToyExperiment(root, CONFIG).run(worse, trainer);
    assertThat(trainer.names()).startsWith("more/refiner/sft").doesNotContain("more-2/refiner/sft");
    assertThat(lineages(root, "train/last")).contains("generator=base>verifier=base>refiner=base");
  }

  @Test
  void a_run_that_was_not_measured_is_not_evaluated_as_if_it_were() throws Exception {
    Path root = folder.resolve("run");
    ToyExperiment experiment = new ToyExperiment(root, CONFIG);
    ScriptedModel model = new ScriptedModel(EarlyStoppingTest::answer);
    experiment.use(model, new RecordingTrainer(), MaltExperiment::train);
    Files.delete(new RunLayout(root).seed(1).round("more").dev());
    assertThatThrownBy(
            () -> experiment.use(model, new RecordingTrainer(), MaltExperiment::evaluate))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("its team has not answered the dev questions yet");
  }

  @Test
  void the_plan_says_at_most() {
    assertThat(Plan.of(CONFIG).lines())
        .startsWith(
            "schedule joint",
            "  at most 4 repetitions, ended after 1 without a better accuracy on the dev questions; the best one's adapters are kept",
            "  round more: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "    train more/refiner/sft from a fresh adapter",
            "  round more-2: trees [3, 2, 2], 21 completions a question, by more/refiner/sft; correct above 0.5")
        .contains("    train more-2/refiner/sft from more/refiner/sft")
        .endsWith("  evaluate last/verifier/sft, more-4/refiner/sft or the best before it");
  }

  @Test
  void schedules_share_repetitions_only_where_they_end_alike() {
    String shared = "{name: a, repeat: 2, patience: %s, train: [{method: sft, roles: [refiner]}]}";
    assertThatThrownBy(
            () ->
                Plan.of(
                    TinyConfig.with(
                        "problems.dev=4",
                        "schedules.joint.rounds=[" + shared.formatted(1) + "]",
                        "schedules.generator-first.rounds=[" + shared.formatted(2) + "]")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("round a may end by the accuracy of another team");
  }
}
