package malt.app.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.Seeds;
import malt.TextFiles;
import malt.app.parquet.ParquetFiles;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Stages;
import malt.nano.NanoRecipe;
import malt.nano.Split;
import malt.nano.WordProblem;
import malt.nano.WordProblems;
import malt.problem.Benchmark;
import malt.problem.CustomFile;
import malt.problem.Grader;
import malt.problem.GraderSelfTest;
import malt.problem.Graders;
import malt.problem.KeptProblems;
import malt.problem.Layout;
import malt.problem.Problem;
import malt.problem.ProblemFile;
import malt.problem.SharedQuestions;
import malt.problem.Take;
import malt.problem.TaskVariant;

/** The problems of a run, kept in its directory so that a resumed run has the same ones. */
public final class Benchmarks {
  private static final Path NANO_RECIPE = Path.of("models", "nano", "recipe.yaml");

  private Benchmarks() {}

  /**
   * Those of a new run are generated or read and checked; every run's are tested against its
   * grader.
   */
  public static Benchmark of(ExperimentConfig config, RunDirectory run, Stages stages) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    if (!run.begun()) {
      if (problems.generated()) {
        generate(config, run);
      } else {
        read(config, run, stages);
      }
    }
    for (Path edited : SourceFiles.edited(sources(run))) {
      stages.warn(
          "%s was edited since this run read it; the run goes on with the problems it kept in %s, a run of another --name reads the file again"
              .formatted(edited, run.layout().data("train").getParent()));
    }
    return kept(config, run);
  }

  private static Path sources(RunDirectory run) {
    return run.layout().data("train").resolveSibling("sources.json");
  }

  /** The problems of a run that was begun. */
  public static Benchmark kept(ExperimentConfig config, RunDirectory run) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    Grader grader = Graders.named(problems.grader());
    List<Problem> train =
        problems.ownBySeed() ? List.of() : KeptProblems.read(run.layout().data("train"));
    Map<Long, List<Problem>> trainBySeed = new LinkedHashMap<>();
    if (problems.ownBySeed()) {
      config
          .seeds()
          .forEach(seed -> trainBySeed.put(seed, KeptProblems.read(run.layout().train(seed))));
    }
    List<Problem> dev =
        Files.exists(run.layout().data("dev"))
            ? KeptProblems.read(run.layout().data("dev"))
            : List.of();
    List<Problem> test = KeptProblems.read(run.layout().data("test"));
    GraderSelfTest.require(
        grader,
        Stream.concat(trainBySeed.values().stream(), Stream.of(train, dev, test))
            .flatMap(List::stream)
            .toList());
    String name =
        problems.generated()
            ? generated(problems)
            : "%s (%s)".formatted(problems.source(), Path.of(problems.testFile()).getFileName());
    return new Benchmark(name, train, trainBySeed, dev, test, grader);
  }

  private static String generated(ExperimentConfig.ProblemSettings problems) {
    TaskVariant train = problems.variant();
    TaskVariant test = problems.testVariant();
    String name = "nano word problems";
    if (train == TaskVariant.STANDARD && test == train) {
      return name;
    }
    return name + (test == train ? " (%s)" : " (%s, trained on %s)").formatted(id(test), id(train));
  }

  private static String id(TaskVariant variant) {
    return variant.name().toLowerCase(Locale.ROOT);
  }

  /** The problems of another run, which this run takes over. */
  static Benchmark copied(ExperimentConfig config, RunDirectory from, RunDirectory to) {
    List<Function<RunLayout, Path>> files = new ArrayList<>(trainingFiles(config));
    files.add(layout -> layout.data("dev"));
    files.add(layout -> layout.data("test"));
    for (Function<RunLayout, Path> file : files) {
      Path source = file.apply(from.layout());
      if (Files.exists(source) && !to.begun()) {
        KeptProblems.write(file.apply(to.layout()), KeptProblems.read(source));
      }
    }
    if (Files.exists(sources(from)) && !to.begun()) {
      AtomicFiles.write(sources(to), TextFiles.read(sources(from)));
    }
    return kept(config, to);
  }

  /** Where the training problems are kept: one file, or one a seed. */
  private static List<Function<RunLayout, Path>> trainingFiles(ExperimentConfig config) {
    return config.problems().ownBySeed()
        ? config.seeds().stream()
            .<Function<RunLayout, Path>>map(seed -> layout -> layout.train(seed))
            .toList()
        : List.of(layout -> layout.data("train"));
  }

  /** All training problems of a run with their lines, file by file. */
  static List<ProblemFile> training(ExperimentConfig config, RunDirectory run) {
    return trainingFiles(config).stream()
        .map(file -> KeptProblems.readFile(file.apply(run.layout())))
        .toList();
  }

  /** By which a training seed draws problems of its own. */
  private static long drawing(ExperimentConfig.ProblemSettings problems, long seed) {
    return Seeds.of(problems.seed(), "train", seed);
  }

  private static void generate(ExperimentConfig config, RunDirectory run) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    NanoRecipe.Problems task = NanoRecipe.read(Home.resolve(NANO_RECIPE)).problems();
    WordProblems train = new WordProblems(task, problems.variant());
    WordProblems held = new WordProblems(task, problems.testVariant());
    if (problems.ownBySeed()) {
      for (long seed : config.seeds()) {
        long drawing = drawing(problems, seed);
        write(train, Split.TRAIN, problems.train(), drawing, run.layout().train(seed));
      }
    } else {
      write(train, Split.TRAIN, problems.train(), problems.seed(), run.layout().data("train"));
    }
    if (problems.dev() > 0) {
      write(held, Split.DEV, problems.dev(), problems.seed(), run.layout().data("dev"));
    }
    write(held, Split.TEST, problems.test(), problems.seed(), run.layout().data("test"));
  }

  private static void write(WordProblems generator, Split split, int count, long seed, Path file) {
    KeptProblems.write(
        file, generator.list(split, count, seed).stream().map(WordProblem::problem).toList());
  }

  private static void read(ExperimentConfig config, RunDirectory run, Stages stages) {
    ExperimentConfig.ProblemSettings problems = config.problems();
    Map<String, ProblemFile> splits = new LinkedHashMap<>();
    ProblemFile train = read(problems, problems.trainFile(), stages);
    splits.put("train", train);
    splits.put("test", read(problems, problems.testFile(), stages));
    if (!problems.devFile().isEmpty()) {
      splits.put("dev", read(problems, problems.devFile(), stages));
    } else if (problems.devFromTrain() > 0) {
      ProblemFile dev = cut(train, problems);
      splits.put("train", train.without(dev));
      splits.put("dev", dev);
    }
    Map<Path, ProblemFile> kept = new LinkedHashMap<>();
    if (problems.ownBySeed()) {
      ProblemFile pool = requireChoice(Objects.requireNonNull(splits.remove("train")), problems);
      for (long seed : config.seeds()) {
        long drawing = drawing(problems, seed);
        kept.put(run.layout().train(seed), pool.take(Take.DRAWN, problems.train(), drawing));
      }
    }
    List<ProblemFile> training = List.copyOf(kept.values());
    splits.replaceAll(
        (split, file) -> file.take(problems.take(), count(problems, split), problems.seed()));
    SharedQuestions.requireNone(List.copyOf(splits.values()));
    for (ProblemFile own : training) {
      splits.values().forEach(other -> SharedQuestions.requireNone(List.of(own, other)));
    }
    splits.forEach((split, file) -> kept.put(run.layout().data(split), file));
    kept.forEach((file, own) -> KeptProblems.write(file, own.problems()));
    SourceFiles.keep(sources(run), kept.values().stream().map(ProblemFile::file).toList());
  }

  /** Of as many problems as there are, all seeds would draw the same. */
  private static ProblemFile requireChoice(
      ProblemFile pool, ExperimentConfig.ProblemSettings problems) {
    if (pool.problems().size() <= problems.train()) {
      throw new ConfigException(
          "problems.train_by_seed: %s holds %d training problems and problems.train asks for %d, so every seed would have the same"
              .formatted(pool.file(), pool.problems().size(), problems.train()));
    }
    return pool;
  }

  /** How many problems a run will have of a split; none where a file must be there to tell. */
  public static Optional<Integer> counted(ExperimentConfig.ProblemSettings problems, String split) {
    int wanted = count(problems, split);
    boolean cut = problems.devFile().isEmpty();
    String file =
        switch (split) {
          case "train" -> problems.trainFile();
          case "dev" -> cut ? problems.trainFile() : problems.devFile();
          default -> problems.testFile();
        };
    if (problems.generated() || !Files.exists(Path.of(file))) {
      return wanted == 0 ? Optional.empty() : Optional.of(wanted);
    }
    int held = read(problems, file, Stages.silent()).problems().size();
    int dev = Math.min(held, problems.devFromTrain());
    int most =
        switch (split) {
          case "train" -> cut ? held - dev : held;
          case "dev" -> cut ? dev : held;
          default -> held;
        };
    return Optional.of(wanted == 0 ? most : Math.min(wanted, most));
  }

  private static int count(ExperimentConfig.ProblemSettings problems, String split) {
    return switch (split) {
      case "train" -> problems.train();
      case "dev" -> problems.dev();
      default -> problems.test();
    };
  }

  private static ProblemFile cut(ProblemFile train, ExperimentConfig.ProblemSettings problems) {
    int count = problems.devFromTrain();
    if (count >= train.problems().size()) {
      throw new ConfigException(
          "problems.dev_from_train: %d, but %s holds %d problems, and some must be left to train on"
              .formatted(count, train.file(), train.problems().size()));
    }
    return train.take(Take.DRAWN, count, Seeds.of(problems.seed(), "dev"));
  }

  private static ProblemFile read(
      ExperimentConfig.ProblemSettings problems, String file, Stages stages) {
    return read(Layout.named(problems.source()), problems.fields(), Path.of(file), stages);
  }

  /** A file's problems; what had to be left out is told. */
  static ProblemFile read(Layout layout, CustomFile fields, Path file, Stages stages) {
    ProblemFile read = layout.read(file, fields, ParquetFiles.source());
    read.leftOut().forEach(row -> stages.warn(row + "; it is left out"));
    return read;
  }
}
