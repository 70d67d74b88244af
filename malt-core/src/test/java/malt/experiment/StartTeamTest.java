package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.StrictYaml;
import malt.agent.AgentRole;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.MethodResult;
import malt.model.AdapterRef;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTeamTest {
  private static final ExperimentConfig SOURCE =
      TinyConfig.with("run=[joint]", "evaluation.ablations=[]", "evaluation.debate=null");

  @TempDir private Path folder;
  private Path source;
  private Path root;

  /** Two schedules: one that goes on from the start, one that begins with the base. */
  static String[] adapting(Path source) {
    return new String[] {
      "start={schedule: joint, run: '%s'}".formatted(source),
      "schedules.adapt={label: A, rounds: [{name: adapt, train: [{method: dpo},"
          + " {method: sft, roles: [generator], from: current}]}]}",
      "schedules.fresh={label: F, from_base: true, rounds: [{name: fresh, train: [{method: sft}]}]}",
      "run=[adapt, fresh]",
      "evaluation.ablations=[untrained-role]",
      "evaluation.ablated=[adapt]",
      "evaluation.debate=null"
    };
  }

  static void train(Path root) {
    new ToyExperiment(root, SOURCE).run(ToyExperiment.model(), new RecordingTrainer());
  }

  @BeforeEach
  void a_run_to_start_from() {
    source = folder.resolve("source");
    root = folder.resolve("run");
    train(source);
  }

  private ExperimentConfig config(String... more) {
    return TinyConfig.with(
        Stream.concat(Stream.of(adapting(source)), Stream.of(more)).toArray(String[]::new));
  }

  private RecordingTrainer run(ExperimentConfig config) {
    RecordingTrainer trainer = new RecordingTrainer();
    new ToyExperiment(root, config).run(ToyExperiment.model(), trainer);
    return trainer;
  }

  private void refused(ExperimentConfig config, String message) {
    assertThatThrownBy(() -> run(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  private Path trained(String adapter) {
    return source.resolve("seed-1/joint/adapters").resolve(adapter).resolve("trained");
  }

  @Test
  void trees_training_and_the_first_row_are_of_the_team_that_another_run_trained()
      throws Exception {
    RecordingTrainer trainer = run(config());
    assertThat(RunContents.rows(root.resolve("seed-1/journal.db")))
        .filteredOn(row -> row.startsWith("train/adapt "))
        .isNotEmpty()
        .allMatch(row -> row.startsWith("train/adapt generator=start/generator"));
    assertThat(RunContents.rows(root.resolve("seed-1/journal.db")))
        .anyMatch(row -> row.startsWith("train/fresh generator=base>verifier=base>refiner=base"));
    assertThat(trainer.job("adapt/verifier/dpo").start().name()).isEqualTo("start/verifier");
    assertThat(Files.readString(root.resolve("seed-1/adapt/adapters/verifier/dpo/trained")))
        .startsWith("dpo")
        .endsWith("from (%s)".formatted(Files.readString(trained("verifier/dpo"))));
    assertThat(trainer.job("adapt/generator/sft").start().name()).isEqualTo("start/generator");
    assertThat(trainer.job("fresh/verifier/sft").start()).isEqualTo(AdapterRef.BASE);
  }

  @Test
  void rows_tell_the_base_the_start_and_what_came_of_it_apart() {
    run(config());
    EvaluationReport report = EvaluationFiles.read(new RunLayout(root).evaluation());
    assertThat(report.methods().keySet())
        .containsExactly(
            "SA",
            "SA+MV",
            "MA",
            "MA+MV",
            "start SA",
            "start SA+MV",
            "start MA",
            "start MA+MV",
            "SFT MA A",
            "SFT MA A+MV",
            "MALT A",
            "MALT A+MV",
            "MALT F",
            "MALT F+MV",
            "MALT A+MV, start generator",
            "MALT A+MV, start verifier",
            "MALT A+MV, start refiner");
    assertThat(report.comparisons())
        .extracting(ComparisonResult::a, ComparisonResult::b)
        .contains(tuple("MALT A+MV", "start MA+MV"), tuple("MALT F+MV", "start MA+MV"));
    MethodResult start = report.methods().get("start MA+MV");
    assertThat(start.training().nodes()).isZero();
    assertThat(start.meaning().sentence())
        .isEqualTo(
            "as this run began with it, the team of schedule joint in %s, by seed; majority vote over 3 passes"
                .formatted(source));
    assertThat(report.methods().get("MALT A").meaning().sentence())
        .isEqualTo("generator trained by SFT; verifier and refiner by DPO; begun with the start");
  }

  @Test
  void a_plan_names_the_start() {
    assertThat(Plan.of(config()).lines())
        .containsExactly(
            "schedule adapt",
            "  round adapt: trees [3, 2, 2], 21 completions a question, by the start; correct above 0.5",
            "    train adapt/verifier/dpo from start/verifier",
            "    train adapt/refiner/dpo from start/refiner",
            "    train adapt/generator/sft from start/generator",
            "  evaluate adapt/generator/sft, adapt/refiner/dpo, adapt/verifier/dpo",
            "schedule fresh",
            "  round fresh: trees [3, 2, 2], 21 completions a question, by the base; correct above 0.5",
            "    train fresh/generator/sft from a fresh adapter",
            "    train fresh/verifier/sft from a fresh adapter",
            "    train fresh/refiner/sft from a fresh adapter",
            "  evaluate fresh/generator/sft, fresh/refiner/sft, fresh/verifier/sft");
  }

  @Test
  void the_run_keeps_copies_and_needs_nothing_else() throws Exception {
    run(config());
    Manifest.Start start = Manifest.read(new RunLayout(root).manifest()).start();
    assertThat(start).isNotNull();
    assertThat(start.adapters().keySet())
        .containsExactly(
            "the generator's of seed 1", "the refiner's of seed 1", "the verifier's of seed 1");
    Files.move(source, folder.resolve("elsewhere"));
    run(config());
    assertThat(new Teams(config(), new RunLayout(root).seed(1)).all().keySet())
        .extracting(AdapterRef::name)
        .contains("start/generator", "start/verifier", "adapt/verifier/dpo");
    Files.writeString(root.resolve("seed-1/start/verifier/trained"), "by somebody else");
    refused(
        config(),
        "the copy of the start's adapters, the verifier's of seed 1, changed since this run was begun");
  }

  @Test
  void a_source_that_changed_is_refused() throws Exception {
    run(config());
    Files.writeString(trained("verifier/dpo"), "trained anew");
    refused(config(), "verifier/dpo is not what this run was begun with any more");
  }

  @Test
  void of_all_seeds_one_may_be_the_start() {
    ExperimentConfig config = config("seeds=[1, 2]", "evaluation.ablations=[]");
    refused(config, "has no seed 2 with schedule joint");
    assertThat(root.resolve("config.yaml")).doesNotExist();
    run(config("seeds=[1, 2]", "evaluation.ablations=[]", "start.seed=1"));
    assertThat(root.resolve("seed-2/start/verifier/trained"))
        .hasSameTextualContentAs(trained("verifier/dpo"));
  }

  @Test
  void what_cannot_be_begun_with_is_named() throws Exception {
    refused(config("start.run=nowhere"), "start.run: nowhere is not a run directory");
    refused(config("start.schedule=generator-first"), "with schedule generator-first; it has");
    refused(config("lora.rank=4"), "have another shape");
    Files.delete(source.resolve("seed-1/joint/metrics/refiner-dpo.jsonl"));
    refused(
        config(),
        "start.run: %s: the refiner is not trained yet".formatted(source.resolve("seed-1/joint")));
  }

  @Test
  void a_team_of_another_base_is_none() throws IOException {
    Path manifest = source.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"base\" : \"base\"", "\"base\" : \"big\""));
    refused(config(), "was trained on another base (big) than this run's (base)");
  }

  @Test
  void adapters_may_be_named_one_by_one() throws Exception {
    ExperimentConfig config =
        config(
            "start=null",
            "start={adapters: {verifier: '%s'}}".formatted(trained("verifier/dpo").getParent()));
    RecordingTrainer trainer = run(config);
    assertThat(trainer.job("adapt/verifier/dpo").start().name()).isEqualTo("start/verifier");
    assertThat(trainer.job("adapt/refiner/dpo").start()).isEqualTo(AdapterRef.BASE);
    assertThat(config.start().adapters()).containsOnlyKeys(new AgentRole("verifier"));
    refused(config("start=null", "start={adapters: {verifier: nowhere}}"), "another configuration");
    root = folder.resolve("other");
    refused(
        config("start=null", "start={adapters: {verifier: nowhere}}"),
        "start.adapters.verifier: nowhere is no directory");
  }

  @Test
  void other_labels_of_the_same_trees_are_of_the_same_start() {
    run(config());
    ExperimentConfig other = config("name=other", "credit.threshold=0.2");
    try (RunDirectory from = RunDirectory.open(root);
        RunDirectory to = RunDirectory.open(folder.resolve("other"), other)) {
      to.begin(from.manifest());
      from.manifest().requireSame(from.layout().manifest(), to.manifest());
      Relabelling changes =
          new StoredTrees(config(), from, ToyExperiment.BENCHMARK)
              .relabel(new StoredTrees(other, to, ToyExperiment.BENCHMARK), Stages.silent());
      assertThat(changes.nodes().values()).containsExactly(2 * 12, 2 * 24, 2 * 48);
    }
  }

  @Test
  void a_configuration_that_names_no_team_or_two_is_refused() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "start={seed: 1}", "start: either run and schedule, or adapters, found",
                "start={run: a}", "start: run goes with the schedule",
                "start={run: a, schedule: b, adapters: {verifier: c}}", "start: either run",
                "start={adapters: {writer: c}}", "start.adapters: of the roles",
                "schedules.joint.from_base=true", "schedules.joint.from_base: only where")
            .entrySet()) {
      assertThatThrownBy(() -> ConfigRules.check(TinyConfig.with(wrong.getKey()), "tiny.yaml"))
          .as(wrong.getKey())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(wrong.getValue());
    }
    assertThatThrownBy(
            () ->
                ConfigRules.check(
                    config("schedules.adapt.rounds=[{name: start, train: [{method: dpo}]}]"),
                    "tiny.yaml"))
        .hasMessageContaining("what the directory of the start's adapters is called");
    ConfigRules.check(config(), "tiny.yaml");
    assertThat(StrictYaml.parse(config().yaml(), "again", List.of(), ExperimentConfig.class))
        .isEqualTo(config());
  }
}
