package malt.experiment;

import java.util.Set;
import malt.problem.Graders;
import malt.problem.Layout;
import malt.problem.Take;

/** What the section on problems must satisfy. */
final class ProblemRules {
  private final Violations violations;

  ProblemRules(Violations violations) {
    this.violations = violations;
  }

  void check(ExperimentConfig.ProblemSettings problems) {
    boolean generated = problems.generated();
    violations.require(
        generated || Layout.titles().contains(problems.source()),
        "problems.source: nano, %s, found '%s'",
        String.join(", ", Layout.titles()),
        problems.source());
    violations.require(
        Graders.names().contains(problems.grader()),
        "problems.grader: %s, found '%s'",
        String.join(", ", Graders.names()),
        problems.grader());
    int least = generated ? 1 : 0; // 0: all of a file
    violations.require(
        problems.train() >= least, "problems.train: %s or more, found %s", least, problems.train());
    violations.require(
        !problems.ownBySeed()
            || generated
            || (problems.take() == Take.DRAWN && problems.train() > 0),
        "problems.train_by_seed: each seed draws its own from a file, so problems.take must be drawn"
            + " and problems.train above 0; found %s and %s",
        problems.take(),
        problems.train());
    violations.require(
        problems.devFromTrain() >= 0,
        "problems.dev_from_train: 0 or more, found %s",
        problems.devFromTrain());
    violations.require(
        problems.devFromTrain() == 0 || (!generated && problems.devFile().isEmpty()),
        "problems.dev_from_train: 0 where there is a problems.dev_file or the source is nano, found"
            + " %s",
        problems.devFromTrain());
    violations.require(problems.dev() >= 0, "problems.dev: 0 or more, found %s", problems.dev());
    violations.require(
        problems.test() >= least, "problems.test: %s or more, found %s", least, problems.test());
    violations.require(
        Set.of("dev", "test").contains(problems.evaluateOn()),
        "problems.evaluate_on: dev or test, found '%s'",
        problems.evaluateOn());

    boolean dev = problems.evaluateOn().equals("dev");
    if (generated) {
      violations.require(
          !dev || problems.dev() >= 1,
          "problems.dev: 1 or more where problems.evaluate_on is dev, found %s",
          problems.dev());
    } else {
      files(problems, dev);
    }
  }

  private void files(ExperimentConfig.ProblemSettings problems, boolean dev) {
    violations.require(
        !dev || !problems.devFile().isEmpty() || problems.devFromTrain() > 0,
        "problems.dev_file: needed, or problems.dev_from_train, where problems.evaluate_on is dev");
    violations.require(
        !problems.trainFile().isEmpty(), "problems.train_file: needed unless source is nano");
    violations.require(
        !problems.testFile().isEmpty(), "problems.test_file: needed unless source is nano");
    violations.require(
        !problems.fields().question().isEmpty() && !problems.fields().answer().isEmpty(),
        "problems.fields: the question's and the answer's field need a name");
  }
}
