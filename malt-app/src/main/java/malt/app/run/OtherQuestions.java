package malt.app.run;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.Seeds;
import malt.evaluation.PaperNumbers;
import malt.experiment.EvaluationTask;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Stages;
import malt.problem.Grader;
import malt.problem.GraderSelfTest;
import malt.problem.Graders;
import malt.problem.KeptProblems;
import malt.problem.Layout;
import malt.problem.Problem;
import malt.problem.ProblemFile;
import malt.problem.SharedQuestions;
import org.jspecify.annotations.Nullable;

/**
 * Questions beside a run's own, to see how far its teams generalise: GSM-Symbolic for one trained
 * on GSM8K.
 *
 * @param layout name of the {@link Layout}; null for the run's own
 * @param grader name; null for the layout's, or the run's where that has none
 * @param paper title of the paper's numbers to show beside ours; "" for none
 * @param count at most so many, taken as the run takes its own; 0 for all
 */
public record OtherQuestions(
    Path file, @Nullable String layout, @Nullable String grader, String paper, int count) {

  /** The questions as a task, checked as a run's own are. */
  EvaluationTask task(
      ExperimentConfig config, RunDirectory run, Stages stages, String rows, Path directory) {
    Layout laidOut = layout(config);
    ProblemFile whole = Benchmarks.read(laidOut, config.problems().fields(), file, stages);
    for (ProblemFile train : Benchmarks.training(config, run)) {
      SharedQuestions.requireNone(List.of(train, whole));
    }
    List<Problem> problems = taken(config, whole).problems();
    Grader judge =
        Graders.named(
            grader != null ? grader : laidOut.grader().orElse(config.problems().grader()));
    GraderSelfTest.require(judge, problems);
    KeptProblems.write(directory.resolve("problems.jsonl"), problems);
    return new EvaluationTask(
        scope(whole),
        problems,
        "%s (%s)".formatted(laidOut.title(), file.getFileName()),
        judge,
        rows,
        PaperNumbers.of(paper),
        new RunLayout(directory));
  }

  private ProblemFile taken(ExperimentConfig config, ProblemFile whole) {
    ExperimentConfig.ProblemSettings own = config.problems();
    return whole.take(own.take(), count, own.seed());
  }

  private Layout layout(ExperimentConfig config) {
    if (layout != null) {
      return Layout.named(layout);
    }
    if (config.problems().generated()) {
      throw new ConfigException(
          "--benchmark is needed to read %s: one of %s"
              .formatted(file, String.join(", ", Layout.titles())));
    }
    return Layout.named(config.problems().source());
  }

  /** File name without its ending. */
  String name() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Another file, or the same file changed, has other answers in the journal. */
  private String scope(ProblemFile whole) {
    Object[] said =
        whole.problems().stream()
            .map(problem -> problem.id() + "\n" + problem.question())
            .toArray();
    return "test/%s-%016x".formatted(name(), Seeds.of(0, said));
  }
}
