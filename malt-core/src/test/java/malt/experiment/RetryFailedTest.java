package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.Remark;
import malt.model.ScriptedModel;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryFailedTest {
  private static final ExperimentConfig CONFIG =
      TinyConfig.with("evaluation.ablations=[]", "evaluation.ablated=[]");

  @TempDir private Path folder;

  /** Fails on every third seed. */
  private static LanguageModel sick() {
    ScriptedModel well = ToyExperiment.model();
    return requests ->
        well.sample(requests).stream()
            .map(
                answers ->
                    answers.stream()
                        .map(
                            one ->
                                Math.floorMod(one.seed(), 3) == 0
                                    ? Completion.failed(one.adapter(), one.seed(), Remark.GIVEN_UP)
                                    : one)
                        .toList())
            .toList();
  }

  private static Samplers retrying(ScriptedModel model) {
    return Samplers.of(model).retryingFailed();
  }

  /** As {@link RunContents#of}, without the counts of remarks, which tell that there were some. */
  private static Map<String, String> contents(Path root) throws Exception {
    Map<String, String> contents = RunContents.of(root);
    contents.remove("seed-1/remarks.json");
    return contents;
  }

  @Test
  void trees_that_are_retried_before_training_end_as_if_nothing_had_failed() throws Exception {
    ExperimentConfig joint =
        TinyConfig.with("evaluation.ablations=[]", "evaluation.ablated=[]", "run=[joint]");
    ToyExperiment collecting = new ToyExperiment(folder.resolve("joint"), joint);
    collecting.use(sick(), new RecordingTrainer(), MaltExperiment::collect);
    assertThat(Files.readString(folder.resolve("joint/seed-1/remarks.json")))
        .contains("train/joint", "given_up");
    assertThat(collecting.warnings())
        .filteredOn(warning -> warning.contains("had trouble until patience ran out"))
        .hasSize(1);

    ScriptedModel untouched = ToyExperiment.model();
    collecting.use(untouched, new RecordingTrainer(), MaltExperiment::collect);
    assertThat(untouched.calls()).isEmpty();
    collecting.use(
        retrying(ToyExperiment.model()), new RecordingTrainer(), MaltExperiment::collect);
    Path clean = folder.resolve("clean");
    new ToyExperiment(clean, joint)
        .use(ToyExperiment.model(), new RecordingTrainer(), MaltExperiment::collect);
    assertThat(contents(folder.resolve("joint"))).isEqualTo(contents(clean));
    assertThat(Files.readString(folder.resolve("joint/seed-1/remarks.json"))).isEqualTo("{}\n");
  }

  @Test
  void sets_of_a_later_round_are_made_anew_of_trees_that_are_retried() throws Exception {
    ExperimentConfig config =
        TinyConfig.with(
            "run=[joint]",
            "schedules.joint.rounds=[{name: first, train: []},"
                + " {name: anew, trees: first, train: [{method: sft}]}]");
    Path root = folder.resolve("run");
    ToyExperiment collecting = new ToyExperiment(root, config);
    collecting.use(sick(), new RecordingTrainer(), MaltExperiment::collect);
    collecting.use(
        retrying(ToyExperiment.model()), new RecordingTrainer(), MaltExperiment::collect);
    Path clean = folder.resolve("clean");
    new ToyExperiment(clean, config)
        .use(ToyExperiment.model(), new RecordingTrainer(), MaltExperiment::collect);
    assertThat(contents(root)).isEqualTo(contents(clean));
  }

  @Test
  void trees_that_were_trained_on_stay_and_that_is_told() throws Exception {
    ToyExperiment experiment = new ToyExperiment(folder.resolve("trained"), CONFIG);
    experiment.use(sick(), new RecordingTrainer(), MaltExperiment::train);
    Map<String, String> before = RunContents.of(folder.resolve("trained"));
    ScriptedModel model = ToyExperiment.model();
    experiment.use(retrying(model), new RecordingTrainer(), MaltExperiment::train);
    assertThat(model.calls()).isEmpty();
    assertThat(RunContents.of(folder.resolve("trained"))).isEqualTo(before);
    assertThat(experiment.warnings())
        .filteredOn(warning -> warning.contains("stay as they are"))
        .hasSize(2); // one a schedule
  }

  @Test
  void an_evaluation_that_is_retried_ends_as_if_nothing_had_failed() throws Exception {
    Path whole = folder.resolve("whole");
    new ToyExperiment(whole, CONFIG).run(ToyExperiment.model(), new RecordingTrainer());
    Path root = folder.resolve("retried");
    ToyExperiment experiment = new ToyExperiment(root, CONFIG);
    experiment.use(ToyExperiment.model(), new RecordingTrainer(), MaltExperiment::train);
    experiment.use(sick(), new RecordingTrainer(), MaltExperiment::evaluate);
    assertThat(contents(root)).isNotEqualTo(contents(whole));
    experiment.use(
        retrying(ToyExperiment.model()), new RecordingTrainer(), MaltExperiment::evaluate);
    assertThat(contents(root)).isEqualTo(contents(whole));
  }

  @Test
  void what_fails_again_has_failed() {
    ToyExperiment experiment = new ToyExperiment(folder.resolve("again"), CONFIG);
    experiment.use(ToyExperiment.model(), new RecordingTrainer(), MaltExperiment::train);
    experiment.use(sick(), new RecordingTrainer(), MaltExperiment::evaluate);
    int[] asked = {0};
    LanguageModel again =
        requests -> {
          asked[0] += requests.size();
          return sick().sample(requests);
        };
    experiment.use(
        Samplers.of(again).retryingFailed(), new RecordingTrainer(), MaltExperiment::evaluate);
    assertThat(asked[0]).isPositive();
  }
}
