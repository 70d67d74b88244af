package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PolicyExample;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.model.ScriptedModel;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.training.RecordingTrainer;
import malt.training.TrainingJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaltExperimentTest {
  private static final LanguageModel MUTE =
      requests -> {
        throw new AssertionError("the model was called");
      };

  @TempDir private Path folder;

  private final RecordingTrainer trainer = new RecordingTrainer();
  private final ScriptedModel model = ToyExperiment.model();

  private Path run(String... overrides) {
    Path root = folder.resolve("run");
    new ToyExperiment(root, TinyConfig.with(overrides)).run(model, trainer);
    return root;
  }

  @Test
  void the_report_has_every_method_in_the_order_of_the_papers_table() {
    EvaluationReport report = EvaluationFiles.read(run().resolve("evaluation.json"));
    assertThat(report.methods().keySet())
        .containsExactly(
            "SA",
            "SA+MV",
            "MA",
            "MA+MV",
            "SFT SA",
            "SFT SA+MV",
            "SFT MA",
            "SFT MA+MV",
            "MALT",
            "MALT+MV",
            "SFT MA GF",
            "SFT MA GF+MV",
            "MALT GF",
            "MALT GF+MV",
            "debate",
            "MALT+MV, shuffled critiques");
    assertThat(report.questions()).isEqualTo(4);
    assertThat(report.grader()).isEqualTo("toy");
  }

  @Test
  void every_role_is_trained_on_its_own_examples_and_pairs() {
    Path root = run("run=[joint]");
    assertThat(trainer.names())
        .containsExactly(
            "joint/generator/sft",
            "joint/verifier/sft",
            "joint/refiner/sft",
            "joint/verifier/dpo",
            "joint/refiner/dpo");
    for (TrainingJob job : trainer.jobs()) {
      String role = job.name().split("/")[1];
      assertThat(roles(job)).isNotEmpty().containsOnly(new AgentRole(role));
      assertThat(job.output()).isEqualTo(adapter(root, job.name()));
    }
    assertThat(trainer.jobs().stream().map(TrainingJob::seed)).doesNotHaveDuplicates();
  }

  private static List<AgentRole> roles(TrainingJob job) {
    return job.method()
        .match(
            sft -> DatasetFiles.readExamples(job.data(), SftExample::role),
            dpo -> DatasetFiles.readPairs(job.data(), PreferencePair::role),
            ppo -> DatasetFiles.readPolicy(job.data(), PolicyExample::role));
  }

  private static Path adapter(Path root, String name) {
    String[] parts = name.split("/");
    return root.resolve("seed-1")
        .resolve(parts[0])
        .resolve("adapters")
        .resolve(parts[1] + "/" + parts[2]);
  }

  @Test
  void the_reference_of_dpo_is_the_roles_own_sft_adapter() {
    Path root = run();
    for (String role : List.of("joint/verifier", "joint/refiner", "generator-first/verifier")) {
      assertThat(trainer.job(role + "/dpo").start())
          .isEqualTo(new AdapterRef(role + "/sft", adapter(root, role + "/sft")));
    }
  }

  @Test
  void generator_first_samples_its_tree_with_the_trained_generator_and_trains_only_the_others() {
    Path root = run("run=[generator-first]");
    assertThat(trainer.names())
        .containsExactly(
            "joint/generator/sft",
            "generator-first/verifier/sft",
            "generator-first/refiner/sft",
            "generator-first/verifier/dpo",
            "generator-first/refiner/dpo");
    assertThat(lineages(root, "train/generator-first"))
        .containsExactlyInAnyOrder(
            "generator=joint/generator/sft",
            "generator=joint/generator/sft>verifier=base",
            "generator=joint/generator/sft>verifier=base>refiner=base");
  }

  @Test
  void a_generator_with_pairs_samples_the_second_tree_as_it_is_evaluated() {
    Path root = run("team.generator.learns=[sft, dpo]");
    assertThat(lineages(root, "train/generator-first")).contains("generator=joint/generator/dpo");
    assertThat(lineages(root, "test"))
        .contains(
            "generator=joint/generator/dpo>verifier=generator-first/verifier/dpo"
                + ">refiner=generator-first/refiner/dpo");
  }

  @Test
  void sft_first_samples_its_tree_with_the_team_after_sft_and_prefers_from_there() {
    Path root = run("run=[sft-first]");
    assertThat(trainer.names())
        .containsExactly(
            "joint/generator/sft",
            "joint/verifier/sft",
            "joint/refiner/sft",
            "sft-first/verifier/dpo",
            "sft-first/refiner/dpo");
    assertThat(lineages(root, "train/sft-first"))
        .contains(
            "generator=joint/generator/sft>verifier=joint/verifier/sft>refiner=joint/refiner/sft");
    assertThat(trainer.job("sft-first/verifier/dpo").start())
        .isEqualTo(new AdapterRef("joint/verifier/sft", adapter(root, "joint/verifier/sft")));
    assertThat(lineages(root, "test"))
        .contains(
            "generator=joint/generator/sft>verifier=sft-first/verifier/dpo"
                + ">refiner=sft-first/refiner/dpo");
  }

  @Test
  void online_samples_anew_with_what_each_round_trained_by_the_values_of_its_trees()
      throws IOException {
    Path root = run(TinyConfig.ONLINE);
    assertThat(trainer.names())
        .containsExactly(
            "online/verifier/ppo",
            "online/refiner/ppo",
            "online-2/verifier/ppo",
            "online-2/refiner/ppo");
    assertThat(trainer.job("online/verifier/ppo").start()).isEqualTo(AdapterRef.BASE);
    assertThat(trainer.job("online-2/verifier/ppo").start())
        .isEqualTo(new AdapterRef("online/verifier/ppo", adapter(root, "online/verifier/ppo")));
    assertThat(lineages(root, "train/online-2"))
        .contains("generator=base>verifier=online/verifier/ppo>refiner=online/refiner/ppo");
    Path round = root.resolve("seed-1/online");
    assertThat(DatasetFiles.readPolicy(round.resolve("verifier/ppo.jsonl"))).isNotEmpty();
    assertThat(round.resolve("generator/ppo.jsonl")).isEmptyFile(); // nobody trains it by that
    assertThat(Files.readString(round.resolve("statistics.json")))
        .contains("\"ppo_examples\":", "\"ppo_prompts_left_out\":");
    // nobody was trained by SFT, so there is no row of that
    assertThat(EvaluationFiles.read(root.resolve("evaluation.json")).methods().keySet())
        .contains("MALT RL+MV")
        .noneMatch(row -> row.startsWith("SFT"));
  }

  @Test
  void a_round_may_read_the_trees_of_others_with_its_own_labels() {
    Path root = run(TinyConfig.ROUNDS);
    assertThat(scopes(root)).containsExactlyInAnyOrder("first", "all", "all-2");
    List<SftExample> first = examples(root, "first");
    List<SftExample> anew = examples(root, "anew");
    assertThat(first).isNotEmpty().allSatisfy(each -> assertThat(each.value()).isGreaterThan(0.5));
    assertThat(anew).hasSizeGreaterThan(first.size());
    assertThat(anew).extracting(SftExample::value).contains(0.5); // not correct above 0.5
    assertThat(seeds(anew)).containsAll(seeds(first));
    // Of each round's trees come the examples that it has by itself, one after the other.
    List<Long> all = seeds(examples(root, "all"));
    List<Long> both = seeds(examples(root, "all-2"));
    assertThat(all).startsWith(seeds(first).toArray(Long[]::new)).hasSizeGreaterThan(first.size());
    assertThat(both).startsWith(all.toArray(Long[]::new)).hasSizeGreaterThan(all.size());
    assertThat(trainer.job("all-2/refiner/sft").start().name()).isEqualTo("all/refiner/dpo");
    assertThat(lineages(root, "train/all"))
        .contains(
            "generator=first/generator/sft>verifier=first/verifier/sft>refiner=anew/refiner/sft");
  }

  @Test
  void a_single_model_is_taught_what_the_team_came_to_and_is_two_rows() {
    Path root = run(TinyConfig.ROUNDS);
    assertThat(trainer.names()).contains("all/student/sft").endsWith("all-2/student/sft");
    TrainingJob job = trainer.job("all-2/student/sft");
    assertThat(job.start()).isEqualTo(AdapterRef.BASE);
    List<SftExample> taught = DatasetFiles.readExamples(job.data());
    assertThat(taught)
        .isNotEmpty()
        .allSatisfy(
            example -> {
              assertThat(example.completion().text()).startsWith("#### ");
              assertThat(example.completion().ids()).isEmpty();
            });
    assertThat(lineages(root, "test")).contains("student=all-2/student/sft");
    var methods = EvaluationFiles.read(root.resolve("evaluation.json")).methods();
    assertThat(methods.get("distilled").calls()).isEqualTo(1);
    assertThat(methods.get("distilled+MV").calls()).isEqualTo(3);
    assertThat(methods.get("distilled").meaning().sentence())
        .startsWith(
            "one model alone, trained by SFT to say at once what the team answered where that was right");
    assertThat(Plan.of(TinyConfig.with(TinyConfig.ROUNDS)).lines())
        .contains("    train all-2/student/sft from a fresh adapter")
        .endsWith("  evaluate all-2/student/sft alone");
  }

  private static List<SftExample> examples(Path root, String round) {
    return DatasetFiles.readExamples(
        root.resolve("seed-1/%s/generator/sft.jsonl".formatted(round)));
  }

  private static List<Long> seeds(List<SftExample> examples) {
    return examples.stream().map(example -> example.completion().seed()).toList();
  }

  private static Set<String> scopes(Path root) {
    return RunContents.rows(root.resolve("seed-1/journal.db")).stream()
        .filter(row -> row.startsWith("train/"))
        .map(row -> row.replaceFirst("train/(\\S+) .*", "$1"))
        .collect(Collectors.toSet());
  }

  private static Set<String> lineages(Path root, String scope) {
    return RunContents.rows(root.resolve("seed-1/journal.db")).stream()
        .map(row -> row.split(" \\| ")[0])
        .filter(line -> line.startsWith(scope + " "))
        .map(line -> line.substring(scope.length() + 1))
        .filter(line -> !line.contains(" value "))
        .collect(Collectors.toSet());
  }

  @Test
  void a_role_without_examples_stays_on_the_base_and_the_user_is_told() {
    ScriptedModel parrot = // the last word repeats the first, so no critique makes a difference
        new ScriptedModel(
            (prompt, seed) -> {
              if (prompt.endsWith("Check the answer.<|assistant|>")) {
                return "fine " + Math.floorMod(seed, 4);
              }
              int first = prompt.indexOf("<|assistant|>####");
              return first < 0
                  ? "#### " + (ToyExperiment.sum(prompt) + Math.floorMod(seed, 2))
                  : prompt.substring(first + 13, prompt.indexOf("<|eos|>", first));
            });
    ToyExperiment experiment =
        new ToyExperiment(folder.resolve("run"), TinyConfig.with("run=[joint]"));
    experiment.run(parrot, trainer);
    assertThat(trainer.names()).containsExactly("joint/generator/sft");
    assertThat(experiment.warnings())
        .hasSize(2)
        .anySatisfy(warning -> assertThat(warning).contains("the verifier has no SFT examples"))
        .anySatisfy(warning -> assertThat(warning).contains("the refiner has no SFT examples"));
    assertThat(lineages(folder.resolve("run"), "test"))
        .contains("generator=joint/generator/sft>verifier=base>refiner=base");
  }

  @Test
  void a_role_without_pairs_keeps_its_sft_adapter_and_the_user_is_told() {
    ToyExperiment experiment =
        new ToyExperiment(
            folder.resolve("run"),
            TinyConfig.with(
                "run=[joint]",
                "team.generator.learns=[sft, dpo]",
                "team.verifier.learns=[sft]",
                "team.refiner.learns=[sft]",
                "datasets.min_value_gap=1"));
    experiment.run(model, trainer);
    assertThat(trainer.names())
        .containsExactly("joint/generator/sft", "joint/verifier/sft", "joint/refiner/sft");
    assertThat(experiment.warnings())
        .containsExactly(
            "the generator has no preference pairs (no two siblings differ in label), so it stays as it was");
    assertThat(lineages(folder.resolve("run"), "test"))
        .contains(
            "generator=joint/generator/sft>verifier=joint/verifier/sft>refiner=joint/refiner/sft");
  }

  @Test
  void teams_that_share_their_first_agents_share_their_answers() {
    run("run=[joint]", "evaluation.debate=null", "evaluation.ablations=[]");
    // 4 questions, 3 passes: base G V R; trained G once for SFT and MALT; then V R of each.
    long sampled =
        model.calls().stream()
            .flatMap(List::stream)
            .filter(request -> request.params().temperature() == 0.7)
            .mapToLong(request -> request.seeds().size())
            .sum();
    assertThat(sampled).isEqualTo(4 * 3 * (3 + 1 + 2 + 2));
  }

  @Test
  void each_seed_may_train_on_problems_of_its_own_and_all_answer_the_same() {
    List<Problem> train = ToyBenchmark.of(4, 0, 0).train();
    Benchmark benchmark =
        new Benchmark(
            "toy",
            List.of(),
            Map.of(1L, train.subList(0, 2), 2L, train.subList(2, 4)),
            List.of(),
            ToyExperiment.BENCHMARK.test(),
            ToyBenchmark.GRADER);
    Path root = folder.resolve("own");
    ExperimentConfig config = TinyConfig.with("seeds=[1, 2]", "run=[joint]");
    ToyExperiment toy = new ToyExperiment(root, config, benchmark);
    toy.run(model, trainer);
    for (long seed : config.seeds()) {
      Path examples = root.resolve("seed-%d/joint/refiner/sft.jsonl".formatted(seed));
      assertThat(DatasetFiles.readExamples(examples).stream().map(SftExample::problemId))
          .isNotEmpty()
          .isSubsetOf(benchmark.train(seed).stream().map(Problem::id).toList());
    }
    assertThat(EvaluationFiles.read(root.resolve("evaluation.json")).questions()).isEqualTo(4);
    toy.run(MUTE, trainer); // all of it is there
  }

  @Test
  void every_seed_is_an_experiment_of_its_own() throws Exception {
    Path root = run("seeds=[1, 2]", "run=[joint]");
    assertThat(trainer.names()).hasSize(10);
    assertThat(Files.readAllBytes(root.resolve("seed-1/joint/generator/sft.jsonl")))
        .isNotEqualTo(Files.readAllBytes(root.resolve("seed-2/joint/generator/sft.jsonl")));
    assertThat(EvaluationFiles.read(root.resolve("evaluation.json")).methods().get("MALT").seeds())
        .hasSize(2);
  }

  @Test
  void a_completed_run_calls_neither_model_nor_trainer_again() throws Exception {
    Path root = run();
    Map<String, String> before = RunContents.of(root);
    new ToyExperiment(root, TinyConfig.with())
        .run(
            MUTE,
            (jobs, listener) -> {
              throw new AssertionError(jobs + " were trained again");
            });
    assertThat(RunContents.of(root)).isEqualTo(before);
  }

  @Test
  void stages_one_by_one_are_the_whole_run() throws Exception {
    Path whole = run();
    Path parts = folder.resolve("parts");
    ToyExperiment experiment = new ToyExperiment(parts, TinyConfig.with());
    experiment.use(model, new RecordingTrainer(), MaltExperiment::collect);
    experiment.use(model, new RecordingTrainer(), MaltExperiment::train);
    experiment.use(model, new RecordingTrainer(), MaltExperiment::evaluate);
    assertThat(RunContents.of(parts)).isEqualTo(RunContents.of(whole));
  }

  @Test
  void a_run_that_is_not_trained_is_not_evaluated_as_if_it_were() {
    Path root = folder.resolve("run");
    ToyExperiment experiment = new ToyExperiment(root, TinyConfig.with());
    assertThatThrownBy(() -> experiment.use(model, trainer, MaltExperiment::evaluate))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("trees are not complete");
    experiment.use(model, trainer, MaltExperiment::collect);
    assertThatThrownBy(() -> experiment.use(model, trainer, MaltExperiment::evaluate))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the verifier is not trained yet");
    assertThat(root.resolve("evaluation.json")).doesNotExist();
  }

  @Test
  void what_is_trained_on_is_the_roles_own_set() {
    Path root = run("run=[joint]");
    assertThat(trainer.job("joint/refiner/sft").data())
        .isEqualTo(root.resolve("seed-1/joint/refiner/sft.jsonl"));
    assertThat(trainer.job("joint/refiner/dpo").data())
        .isEqualTo(root.resolve("seed-1/joint/refiner/dpo.jsonl"));
  }

  @Test
  void trees_are_sampled_at_their_own_temperature_and_every_seed_is_drawn_once() {
    run();
    List<SamplingRequest> trees =
        model.calls().stream()
            .flatMap(List::stream)
            .filter(request -> request.params().temperature() == 1.0)
            .toList();
    // 4 questions: 3 + 6 + 12 nodes for each schedule
    assertThat(trees.stream().mapToInt(request -> request.seeds().size()).sum())
        .isEqualTo(2 * 4 * (3 + 6 + 12));
    assertThat(trees.stream().flatMap(request -> request.seeds().stream())).doesNotHaveDuplicates();
  }
}
