package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import malt.MaltException;
import malt.ModelException;
import malt.model.LanguageModel;
import malt.model.ScriptedModel;
import malt.training.AdapterTrainer;
import malt.training.RecordingTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  @TempDir private Path folder;

  @Test
  void a_run_that_failed_at_any_call_ends_as_if_it_had_not() throws Exception {
    failedAtAnyCall(TinyConfig.with());
  }

  @Test
  void so_does_a_run_whose_rounds_read_each_others_trees() throws Exception {
    failedAtAnyCall(
        TinyConfig.with(
            Stream.concat(
                    Stream.of(TinyConfig.ROUNDS),
                    Stream.of("evaluation.ablations=[]", "evaluation.debate=null"))
                .toArray(String[]::new)));
  }

  @Test
  void so_does_a_run_whose_trees_grow() throws Exception {
    failedAtAnyCall(
        TinyConfig.with(
            "run=[joint]",
            "evaluation.ablations=[]",
            "evaluation.debate=null",
            "sampling.adaptive={first: [2, 1, 1], agree: 2}"));
  }

  @Test
  void so_does_a_run_whose_repetitions_may_end_early() throws Exception {
    failedAtAnyCall(TinyConfig.with(TinyConfig.STOPPING));
  }

  @Test
  void so_does_a_run_that_begins_with_the_team_of_another() throws Exception {
    Path source = folder.resolve("source");
    StartTeamTest.train(source);
    failedAtAnyCall(TinyConfig.with(StartTeamTest.adapting(source)));
  }

  private void failedAtAnyCall(ExperimentConfig config) throws Exception {
    Path whole = folder.resolve("whole");
    ScriptedModel model = ToyExperiment.model();
    RecordingTrainer trainer = new RecordingTrainer();
    new ToyExperiment(whole, config).run(model, trainer);
    Map<String, String> expected = RunContents.of(whole);
    int calls = model.calls().size() + trainer.jobs().size();
    assertThat(calls).isGreaterThan(15);

    for (int failing = 1; failing <= calls; failing++) {
      Path root = folder.resolve("failed-at-" + failing);
      ToyExperiment experiment = new ToyExperiment(root, config);
      AtomicInteger left = new AtomicInteger(failing);
      ScriptedModel before = ToyExperiment.model();
      RecordingTrainer trainedBefore = new RecordingTrainer();
      assertThatThrownBy(() -> experiment.run(failing(before, left), failing(trainedBefore, left)))
          .isInstanceOf(ModelException.class);
      ScriptedModel after = ToyExperiment.model();
      RecordingTrainer trainedAfter = new RecordingTrainer();
      experiment.run(after, trainedAfter);
      assertThat(RunContents.of(root)).as("failed at call %d", failing).isEqualTo(expected);
      assertThat(before.calls().size() + after.calls().size()).isEqualTo(model.calls().size());
      assertThat(trainedBefore.jobs().size() + trainedAfter.jobs().size())
          .isEqualTo(trainer.jobs().size());
    }
  }

  private static LanguageModel failing(LanguageModel model, AtomicInteger left) {
    return requests -> {
      fail(left);
      return model.sample(requests);
    };
  }

  private static AdapterTrainer failing(AdapterTrainer trainer, AtomicInteger left) {
    return (jobs, listener) ->
        trainer.train(
            jobs,
            new Before(listener) {
              @Override
              public void step(TrainingJob job, TrainingStep step) {
                if (step.step() == 1) {
                  fail(left);
                }
                super.step(job, step);
              }
            });
  }

  /** Passes on what it is told. */
  private static class Before implements TrainingListener {
    private final TrainingListener listener;

    Before(TrainingListener listener) {
      this.listener = listener;
    }

    @Override
    public void started(long steps) {
      listener.started(steps);
    }

    @Override
    public void step(TrainingJob job, TrainingStep step) {
      listener.step(job, step);
    }

    @Override
    public void finished(TrainingJob job) {
      listener.finished(job);
    }
  }

  private static void fail(AtomicInteger left) {
    if (left.decrementAndGet() == 0) {
      throw new ModelException("out of luck", false);
    }
  }

  @Test
  void a_run_that_died_right_after_an_adapter_was_written_has_its_metrics_all_the_same()
      throws Exception {
    Path whole = folder.resolve("whole");
    RecordingTrainer trainer = new RecordingTrainer();
    new ToyExperiment(whole, TinyConfig.with()).run(ToyExperiment.model(), trainer);
    Map<String, String> expected = RunContents.of(whole);

    for (String name : trainer.names()) {
      Path root = folder.resolve("died-after-" + name.replace('/', '-'));
      ToyExperiment experiment = new ToyExperiment(root, TinyConfig.with());
      RecordingTrainer writes = new RecordingTrainer();
      AdapterTrainer dies =
          (jobs, listener) ->
              writes.train(
                  jobs,
                  new Before(listener) {
                    @Override
                    public void finished(TrainingJob job) {
                      if (job.name().equals(name)) {
                        throw new MaltException("killed");
                      }
                      super.finished(job);
                    }
                  });
      assertThatThrownBy(() -> experiment.run(ToyExperiment.model(), dies))
          .isInstanceOf(MaltException.class);
      experiment.run(ToyExperiment.model(), new RecordingTrainer());
      assertThat(RunContents.of(root)).as("died after %s", name).isEqualTo(expected);
    }
  }
}
