package malt.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import malt.AtomicFile;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.data.Distillation;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.MethodResult;
import malt.evaluation.Turn;
import malt.experiment.EarlyStopping;
import malt.experiment.ExperimentConfig;
import malt.experiment.GrowingTrees;
import malt.experiment.Learning;
import malt.experiment.Manifest;
import malt.experiment.Plan;
import malt.experiment.RoundDiagnosis;
import malt.experiment.RunLayout;
import malt.experiment.Task;
import malt.experiment.Teams;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell of a run, part by part as JSON. What has not changed since the last look is
 * not read again.
 */
final class RunState {
  private final GrowingTrees trees;
  private final ExperimentConfig config;
  private final RunLayout layout;
  private final Plan plan;
  private final TreeIndex index;
  private final Map<String, Stamped> known = new HashMap<>();

  /** What was made of files when they were as their stamps say. */
  private record Stamped(List<String> stamps, String json) {}

  RunState(GrowingTrees trees, TreeIndex index) {
    this.trees = trees;
    this.config = trees.config();
    this.layout = trees.layout();
    this.plan = Plan.of(config);
    this.index = index;
  }

  /** What is known from the beginning. */
  private record About(
      String name,
      String malt,
      String begun,
      String benchmark,
      String model,
      List<Long> seeds,
      int train,
      int dev,
      int test,
      List<Turn> turns) {}

  /**
   * A step of the plan.
   *
   * @param name "trees", "generator sft" and the like
   * @param state "done", "now" or "later"
   */
  private record Planned(long seed, String round, String name, String state) {}

  /** How a team answered the dev questions before a repetition or after it. */
  private record Measured(long seed, String when, RoundDiagnosis diagnosis) {}

  /** A row of the results. */
  private record Result(
      String name,
      String kind,
      boolean study,
      double accuracy,
      double low,
      double high,
      String sentence) {}

  /**
   * A look at the run: the JSON of each part by its name.
   *
   * @throws MaltException if a file cannot be read
   */
  Map<String, String> look() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("about", made("about", List.of(layout.manifest()), this::about));
    RunProgress progress = RunProgress.read(layout, config);
    parts.put("progress", Json.of(progress));
    parts.put("plan", Json.of(planned(progress)));
    for (long seed : config.seeds()) {
      Path journal = layout.seed(seed).journal();
      Path log = journal.resolveSibling(journal.getFileName() + "-wal");
      made(
          "journal " + seed,
          List.of(journal, log),
          () -> {
            index.notice(seed);
            return "";
          });
    }
    parts.put("reading", Json.of(index.waiting()));
    parts.put("rounds", Json.of(RoundFacts.of(layout, index.facts())));
    parts.put("measured", Json.of(measured()));
    if (Files.exists(layout.evaluation())) {
      parts.put("results", made("results", List.of(layout.evaluation()), this::results));
    }
    parts.putAll(curves());
    return parts;
  }

  /** Reads some of the trees that are still to be read. */
  void readSome() {
    index.readSome();
  }

  /** Whether there is more to read at once. */
  boolean busy() {
    return index.waiting() > 0;
  }

  private About about() {
    Manifest manifest = Manifest.read(layout.manifest());
    long first = config.seeds().get(0);
    return new About(
        config.name(),
        manifest.malt(),
        manifest.begun(),
        trees.benchmark().name(),
        config.model().path(),
        config.seeds(),
        trees.benchmark().train(first).size(),
        trees.benchmark().dev().size(),
        trees.benchmark().test().size(),
        Turn.of(Teams.untrained(config)));
  }

  private List<Planned> planned(RunProgress progress) {
    Map<String, Set<Plan.Training>> trainings = new LinkedHashMap<>();
    for (Plan.Schedule schedule : plan.schedules()) {
      for (Plan.Round round : schedule.rounds()) {
        Set<Plan.Training> own =
            trainings.computeIfAbsent(round.name(), name -> new LinkedHashSet<>());
        round.steps().forEach(step -> own.addAll(step.trainings()));
      }
    }
    List<Planned> planned = new ArrayList<>();
    for (long seed : config.seeds()) {
      trainings.forEach(
          (name, own) -> {
            RunLayout.Round part = layout.seed(seed).round(name);
            boolean now =
                progress.at(Task.Job.COLLECT, seed, name)
                    || progress.at(Task.Job.TRAINING_SETS, seed, name);
            boolean training = progress.at(Task.Job.TRAIN, seed, name);
            planned.add(new Planned(seed, name, "trees", state(part.statistics(), now)));
            for (Plan.Training each : own) {
              AgentRole role = each.adapter().role();
              Path metrics = part.metrics(role, each.method());
              boolean begun = Files.exists(AtomicFile.part(metrics));
              planned.add(
                  new Planned(
                      seed,
                      name,
                      "%s %s".formatted(role, each.method().label()),
                      state(metrics, training && begun)));
            }
          });
    }
    boolean evaluating = progress.at(Task.Job.EVALUATE);
    planned.add(new Planned(0, "", "evaluation", state(layout.evaluation(), evaluating)));
    return planned;
  }

  private static String state(Path made, boolean now) {
    return now ? "now" : Files.exists(made) ? "done" : "later";
  }

  private List<Measured> measured() {
    List<Measured> all = new ArrayList<>();
    for (long seed : config.seeds()) {
      plan.rounds().stream()
          .map(Plan.Round::stop)
          .filter(Objects::nonNull)
          .distinct()
          .forEach(
              stop -> {
                List<RoundDiagnosis> found = new EarlyStopping(layout.seed(seed)).measured(stop);
                for (int i = 0; i < found.size(); i++) {
                  String when =
                      i == 0
                          ? "before " + stop.rounds().get(0)
                          : "after " + stop.rounds().get(i - 1);
                  all.add(new Measured(seed, when, found.get(i)));
                }
              });
    }
    return all;
  }

  private List<Result> results() {
    List<Result> results = new ArrayList<>();
    EvaluationFiles.read(layout.evaluation())
        .methods()
        .forEach((name, row) -> results.add(result(name, row)));
    return results;
  }

  private static Result result(String name, MethodResult row) {
    return new Result(
        name,
        row.meaning().kind().name().toLowerCase(java.util.Locale.ROOT),
        row.meaning().study() != null,
        row.accuracy(),
        row.interval().low(),
        row.interval().high(),
        row.meaning().sentence());
  }

  private Map<String, String> curves() {
    Map<String, String> curves = new LinkedHashMap<>();
    for (long seed : config.seeds()) {
      for (Plan.Round round : plan.rounds()) {
        for (Learning method : Learning.values()) {
          for (AgentRole role : everyone()) {
            Path over = layout.seed(seed).round(round.name()).metrics(role, method);
            Path part = AtomicFile.part(over);
            Optional<Path> file = List.of(over, part).stream().filter(Files::exists).findFirst();
            if (file.isPresent()) {
              String name = "curve %d %s %s %s".formatted(seed, round.name(), role, method.label());
              curves.put(
                  name,
                  made(
                      name,
                      List.of(over, part),
                      () ->
                          TrainingCurve.of(
                              seed,
                              round.name(),
                              role.name(),
                              method.label(),
                              file.get().equals(over),
                              TrainingStep.readSoFar(file.get()))));
            }
          }
        }
      }
    }
    return curves;
  }

  private List<AgentRole> everyone() {
    List<AgentRole> all = new ArrayList<>(config.roles());
    all.add(Distillation.STUDENT);
    return all;
  }

  /** What was made of files, made anew where one of them has changed. */
  private String made(String name, List<Path> files, Supplier<Object> maker) {
    List<String> stamps = files.stream().map(RunState::stamp).toList();
    Stamped before = known.get(name);
    if (before != null && before.stamps().equals(stamps)) {
      return before.json();
    }
    String json = Json.of(maker.get());
    known.put(name, new Stamped(stamps, json));
    return json;
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
      return of.size() + " " + of.lastModifiedTime();
    } catch (IOException e) {
      return "none"; // it may come and go at any moment
    }
  }

  /** The one tree of a group and a problem, as JSON. */
  @Nullable String tree(TreeIndex.Group group, String problemId) {
    return index
        .read(group, problemId)
        .map(grown -> Json.of(TreeView.of(trees, group, grown)))
        .orElse(null);
  }

  TreeIndex index() {
    return index;
  }
}
