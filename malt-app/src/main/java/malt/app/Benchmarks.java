package malt.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.app.nano.NanoRecipe;
import malt.app.nano.Split;
import malt.app.nano.WordProblems;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.problem.Benchmark;
import malt.problem.Grader;
import malt.problem.Gsm8kFile;
import malt.problem.NumberGrader;
import malt.problem.Problem;

/** The problems of a run, kept in its directory so that a resumed run has the same ones. */
final class Benchmarks {
  private static final Path NANO_RECIPE = Path.of("models", "nano", "recipe.yaml");

  private Benchmarks() {}

  static Benchmark of(ExperimentConfig config, RunDirectory run) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    if (!run.begun()) {
      if (problems.source().equals("nano")) {
        generate(problems, run);
      } else {
        copy(problems.trainFile(), problems.train(), run.data("train"));
        copy(problems.devFile(), problems.dev(), run.data("dev"));
        copy(problems.testFile(), problems.test(), run.data("test"));
      }
    }
    return kept(config, run);
  }

  private static Benchmark kept(ExperimentConfig config, RunDirectory run) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    Grader grader = grader(problems.grader());
    List<Problem> train = Gsm8kFile.read(run.data("train"));
    List<Problem> dev = Files.exists(run.data("dev")) ? Gsm8kFile.read(run.data("dev")) : List.of();
    List<Problem> test = Gsm8kFile.read(run.data("test"));
    requireDisjoint(train, test);
    requireDisjoint(train, dev);
    String name =
        problems.source().equals("nano")
            ? "nano word problems"
            : String.valueOf(Path.of(problems.testFile()).getFileName());
    return new Benchmark(name, train, dev, test, grader);
  }

  /** The problems of another run, which this run takes over. */
  static Benchmark copied(ExperimentConfig config, RunDirectory from, RunDirectory to) {
    for (String split : List.of("train", "dev", "test")) {
      if (Files.exists(from.data(split)) && !to.begun()) {
        try {
          AtomicFiles.write(to.data(split), Files.readString(from.data(split)));
        } catch (IOException e) {
          throw new MaltException("cannot read %s: %s".formatted(from.data(split), e), e);
        }
      }
    }
    return kept(config, to);
  }

  static Grader grader(String name) {
    if (name.equals("number")) {
      return NumberGrader.strict();
    }
    throw new ConfigException("problems.grader: number, found '%s'".formatted(name));
  }

  private static void generate(ExperimentConfig.ProblemSettings problems, RunDirectory run) {
    WordProblems generator =
        new WordProblems(NanoRecipe.read(Home.resolve(NANO_RECIPE)).problems());
    write(generator, Split.TRAIN, problems.train(), problems.seed(), run.data("train"));
    if (problems.dev() > 0) {
      write(generator, Split.DEV, problems.dev(), problems.seed(), run.data("dev"));
    }
    write(generator, Split.TEST, problems.test(), problems.seed(), run.data("test"));
  }

  private static void write(WordProblems generator, Split split, int count, long seed, Path file) {
    AtomicFiles.write(file, WordProblems.jsonLines(generator.list(split, count, seed)));
  }

  /** Copies the first lines of a file in GSM8K's layout, after reading it whole. */
  private static void copy(String from, int count, Path to) {
    if (from.isEmpty()) {
      return;
    }
    Path source = Path.of(from);
    Gsm8kFile.read(source);
    try {
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(source)) {
        if (!line.isBlank() && lines.size() < count) {
          lines.add(line);
        }
      }
      AtomicFiles.write(to, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(source, e), e);
    }
  }

  private static void requireDisjoint(List<Problem> train, List<Problem> other) {
    Set<String> questions = new HashSet<>();
    train.forEach(problem -> questions.add(problem.question()));
    List<String> shared =
        other.stream()
            .filter(problem -> questions.contains(problem.question()))
            .map(Problem::id)
            .toList();
    if (!shared.isEmpty()) {
      throw new ConfigException(
          "%d questions of the evaluation are also training questions, the first is %s"
              .formatted(shared.size(), shared.get(0)));
    }
  }
}
