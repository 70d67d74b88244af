package malt.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import malt.MaltException;
import malt.model.LanguageModel;
import malt.problem.Benchmark;
import malt.problem.KeptProblems;
import malt.training.AdapterTrainer;
import malt.training.RecordingTrainer;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;

/** A run of the toy experiment as the program leaves one: with its problems and its log. */
public final class ToyRun {
  /** Calls of the model for the answers, critiques and refinements of half the questions. */
  public static final int HALF_THE_TREES = 3;

  private ToyRun() {}

  /**
   * Begins the run or goes on with it.
   *
   * @param calls of the model, after which the run is stopped; negative for none too many
   */
  public static void go(Path root, int calls) {
    RunLayout layout = new RunLayout(root);
    Benchmark toy = ToyExperiment.BENCHMARK;
    KeptProblems.write(layout.data("train"), toy.train());
    KeptProblems.write(layout.data("test"), toy.test());
    ToyExperiment experiment =
        new ToyExperiment(root, TinyConfig.with("run=[joint]", "evaluation.debate=null"));
    try (ProgressLog log = ProgressLog.telling(Stages.silent())) {
      experiment.use(
          Samplers.of(stopped(calls)),
          trainer(),
          log,
          run -> {
            log.into(layout.progress());
            log.warn("this is a toy");
            run.run();
          });
    } catch (MaltException e) {
      if (!"enough".equals(e.getMessage())) {
        throw e;
      }
    }
  }

  private static LanguageModel stopped(int calls) {
    int[] left = {calls};
    return requests -> {
      if (left[0]-- == 0) {
        throw new MaltException("enough");
      }
      return ToyExperiment.model().sample(requests);
    };
  }

  /** One whose jobs measure what preference training does. */
  private static AdapterTrainer trainer() {
    return (jobs, listener) ->
        new RecordingTrainer()
            .train(
                jobs,
                new TrainingListener() {
                  @Override
                  public void started(long steps) {
                    listener.started(steps);
                  }

                  @Override
                  public void step(TrainingJob job, TrainingStep step) {
                    Map<String, Double> metrics = new LinkedHashMap<>(step.metrics());
                    Stream.of("rewards/margins", "rewards/chosen", "logps/chosen", "logps/rejected")
                        .forEach(name -> metrics.put(name, (double) step.step()));
                    listener.step(
                        job, new TrainingStep(step.step(), step.steps(), step.tokens(), metrics));
                  }

                  @Override
                  public void finished(TrainingJob job) {
                    listener.finished(job);
                  }
                });
  }
}
