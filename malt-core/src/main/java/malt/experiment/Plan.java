package malt.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.data.Distillation;
import malt.experiment.ExperimentConfig.AdaptiveSettings;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.experiment.ExperimentConfig.RoundSettings;
import malt.experiment.ExperimentConfig.ScheduleSettings;
import malt.experiment.ExperimentConfig.TrainSettings;
import malt.problem.Grader;
import malt.tree.AdaptiveGrowth;
import malt.tree.Branching;
import org.jspecify.annotations.Nullable;

/**
 * What a run does, round by round: who samples which trees, and which adapters are trained from
 * them, starting from which. It is the configuration's schedules resolved, the same for every seed.
 */
public record Plan(List<Schedule> schedules) {
  public Plan {
    schedules = List.copyOf(schedules);
  }

  /**
   * An adapter that a round trains, which begins to exist when there is something to train on; or
   * one that the run begins with, which is there where its role has one.
   *
   * @param round that trains it, or {@link StartTeam#NAME}
   * @param method null for one that the run begins with
   * @param kept repetitions that it is of, and must not be of one after the best; null where that
   *     does not matter
   */
  public record Adapter(
      String round, AgentRole role, @Nullable Learning method, @Nullable EarlyStop kept) {
    private static Adapter given(AgentRole role) {
      return new Adapter(StartTeam.NAME, role, null, null);
    }

    /** Whether the run begins with it. */
    boolean given() {
      return method == null;
    }

    public String name() {
      return method == null
          ? "%s/%s".formatted(round, role)
          : "%s/%s/%s".formatted(round, role, method.label());
    }
  }

  /**
   * Repetitions that end early: teams answer the dev questions before the first and after each.
   *
   * @param rounds all of them that there may be, in order
   * @param before the team before the first
   * @param patience so many without a better accuracy end them
   */
  public record EarlyStop(List<String> rounds, Cast before, int patience) {
    public EarlyStop {
      rounds = List.copyOf(rounds);
    }
  }

  /**
   * Who plays the roles.
   *
   * @param adapters each role's, the newest first; it speaks under the first of them that exists,
   *     and from the base where none does
   */
  public record Cast(Map<AgentRole, List<Adapter>> adapters) {
    static final Cast BASE = new Cast(Map.of());

    public Cast {
      adapters = Map.copyOf(adapters);
    }

    /** The team that a run begins with: the base where its configuration names no other. */
    static Cast start(ExperimentConfig config) {
      return config.start() == null
          ? BASE
          : new Cast(
              config.roles().stream()
                  .collect(Collectors.toMap(role -> role, role -> List.of(Adapter.given(role)))));
    }

    /** Whether the run trains none of it. */
    boolean given() {
      return adapters.values().stream().flatMap(List::stream).allMatch(Adapter::given);
    }

    /** A role's adapters, the newest first. */
    public List<Adapter> of(AgentRole role) {
      return adapters.getOrDefault(role, List.of());
    }

    /** The methods that made the adapter a role speaks under, the first one first. */
    List<Learning> methods(AgentRole role) {
      List<Learning> methods = new ArrayList<>();
      for (Adapter adapter : of(role)) {
        Learning method = adapter.method();
        if (method != null) {
          methods.remove(method);
          methods.add(0, method);
        }
        if (method == Learning.SFT) {
          break; // which begins anew
        }
      }
      return methods;
    }

    private Cast with(Adapter newest) {
      Map<AgentRole, List<Adapter>> all = new LinkedHashMap<>(adapters);
      List<Adapter> own = new ArrayList<>(of(newest.role()));
      own.remove(newest);
      own.add(0, newest);
      all.put(newest.role(), List.copyOf(own));
      return new Cast(all);
    }

    /** The same after repetitions of which only the adapters up to the best one's play on. */
    private Cast keeping(EarlyStop stop) {
      Map<AgentRole, List<Adapter>> all = new LinkedHashMap<>();
      adapters.forEach(
          (role, own) -> all.put(role, own.stream().map(each -> kept(each, stop)).toList()));
      return new Cast(all);
    }

    private static Adapter kept(Adapter adapter, EarlyStop stop) {
      return stop.rounds().contains(adapter.round())
          ? new Adapter(adapter.round(), adapter.role(), adapter.method(), stop)
          : adapter;
    }

    @Override
    public String toString() {
      if (given()) {
        return adapters.isEmpty() ? "the base" : "the start";
      }
      return adapters.values().stream()
          .map(all -> all.get(0))
          .map(newest -> newest.name() + (newest.kept() == null ? "" : " or the best before it"))
          .sorted()
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * One adapter to train.
   *
   * @param start the newest first; it starts from the first of them that exists, and is left out
   *     where none does; a fresh adapter of the base where the list is empty
   */
  public record Training(Adapter adapter, List<Adapter> start) {
    public Training {
      start = List.copyOf(start);
    }

    public Learning method() {
      return Objects.requireNonNull(adapter.method(), adapter.name());
    }
  }

  /** Trainings side by side. */
  public record Step(Learning method, List<Training> trainings) {
    public Step {
      trainings = List.copyOf(trainings);
    }
  }

  /**
   * How trees grow where their labels are uncertain.
   *
   * @param threshold of the round that samples them, by which labels are decided
   */
  public record Growth(AdaptiveSettings settings, double threshold) {
    AdaptiveGrowth by(Grader grader) {
      return new AdaptiveGrowth(settings.first(), settings.agree(), threshold, grader);
    }
  }

  /**
   * A tree of every training problem.
   *
   * @param round that samples them
   * @param sampling who grows them
   * @param branching of trees that grow, the most that they can have
   * @param growth how they grow; null for whole ones at once
   */
  public record Trees(String round, Cast sampling, Branching branching, @Nullable Growth growth) {
    /** Name of their completions in the journal. */
    public String scope() {
      return "train/" + round;
    }
  }

  /**
   * Trees with their labels, and what is trained from them.
   *
   * @param trees in the order in which they are sampled, those of earlier rounds first
   * @param recipe by which the round labels them all, whoever sampled them, chooses and trains
   * @param settings what the recipe has otherwise than the configuration, by section
   * @param distil whom its last step trains alone; null for nobody
   * @param team that comes of it
   * @param stop the repetitions that it is one of, where they may end early; null where not
   */
  public record Round(
      String name,
      List<Trees> trees,
      Recipe recipe,
      Map<String, Object> settings,
      List<Step> steps,
      @Nullable DistilSettings distil,
      Cast team,
      @Nullable EarlyStop stop) {
    public Round {
      trees = List.copyOf(trees);
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      steps = List.copyOf(steps);
    }

    /** How its nodes are labelled. */
    public ValueIteration credit() {
      return recipe.credit();
    }

    /** The trees that it samples itself; none where it only reads those of others. */
    public Optional<Trees> own() {
      return trees.stream().filter(each -> each.round().equals(name)).findFirst();
    }

    private boolean alike(Round other) {
      return trees.equals(other.trees)
          && recipe.equals(other.recipe)
          && Objects.equals(distil, other.distil);
    }

    private boolean sameEnd(Round other) {
      return Objects.equals(stop, other.stop) && (stop == null || team.equals(other.team));
    }
  }

  /**
   * A single model that was taught what the team came to.
   *
   * @param cast who plays it
   */
  public record Student(Cast cast, DistilSettings settings) {}

  /**
   * Rounds one after the other, and the teams that come of them.
   *
   * @param start who plays the roles before the first
   * @param imitation every role after its last SFT
   * @param ownFilter whether what they imitate there was let through by each role's own standard,
   *     as STaR has it, not by what came of it
   * @param team every role after its last training
   * @param student a single model that was taught what the team came to; null where there is none
   */
  public record Schedule(
      String name,
      ScheduleSettings settings,
      Cast start,
      List<Round> rounds,
      Cast imitation,
      boolean ownFilter,
      Cast team,
      @Nullable Student student) {
    public Schedule {
      rounds = List.copyOf(rounds);
    }

    /** Whether it is STaR from its beginning to its end. */
    boolean star() {
      return ownFilter && team.equals(imitation);
    }

    public Round last() {
      return rounds.get(rounds.size() - 1);
    }
  }

  /**
   * The plan of a configuration whose rules hold.
   *
   * @throws ConfigException where schedules contradict each other or themselves
   */
  public static Plan of(ExperimentConfig config) {
    List<Schedule> schedules = new ArrayList<>();
    for (String name : config.run()) {
      ScheduleSettings settings = config.schedules().get(name);
      if (settings == null) {
        throw new ConfigException(
            "run: there is no schedule %s; known here: %s"
                .formatted(name, String.join(", ", config.schedules().keySet())));
      }
      Cast start = Boolean.TRUE.equals(settings.fromBase()) ? Cast.BASE : Cast.start(config);
      schedules.add(new Resolution(config, name, start).schedule(settings));
    }
    Plan plan = new Plan(schedules);
    plan.requireSharedRounds();
    return plan;
  }

  public Schedule schedule(String name) {
    return schedules.stream()
        .filter(schedule -> schedule.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "there is no schedule %s in this run; it has %s"
                        .formatted(
                            name,
                            schedules.stream()
                                .map(Schedule::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Every adapter once, in the order in which they are trained. */
  List<Adapter> adapters() {
    return trainings().map(Training::adapter).distinct().toList();
  }

  private Stream<Training> trainings() {
    return schedules.stream()
        .flatMap(schedule -> schedule.rounds().stream())
        .flatMap(round -> round.steps().stream())
        .flatMap(step -> step.trainings().stream());
  }

  /**
   * Every round once, in the order in which they are first needed; of the steps of one that several
   * schedules share, those of the first.
   */
  public List<Round> rounds() {
    Map<String, Round> rounds = new LinkedHashMap<>();
    schedules.forEach(
        schedule -> schedule.rounds().forEach(round -> rounds.putIfAbsent(round.name(), round)));
    return List.copyOf(rounds.values());
  }

  /** The round before one in the first schedule that has it, of those that sample. */
  Optional<Round> before(Round round) {
    for (Schedule schedule : schedules) {
      int place = schedule.rounds().indexOf(round);
      if (place >= 0) {
        return schedule.rounds().subList(0, place).stream()
            .filter(each -> each.own().isPresent())
            .reduce((a, b) -> b);
      }
    }
    return Optional.empty();
  }

  /** The roles that a method trains from the trees of a round, under any schedule. */
  Set<AgentRole> trained(String round, Learning method) {
    return adapters().stream()
        .filter(adapter -> adapter.round().equals(round) && adapter.method() == method)
        .map(Adapter::role)
        .collect(Collectors.toSet());
  }

  private void requireSharedRounds() {
    Map<String, Round> known = new LinkedHashMap<>();
    Map<Adapter, Training> trained = new LinkedHashMap<>();
    for (Schedule schedule : schedules) {
      for (Round round : schedule.rounds()) {
        Round first = known.putIfAbsent(round.name(), round);
        if (first != null && !first.alike(round)) {
          throw new ConfigException(
              "schedules.%s: round %s has other trees, labels or settings than a schedule before it under the same name; give it a name of its own"
                  .formatted(schedule.name(), round.name()));
        }
        if (first != null && !first.sameEnd(round)) {
          throw new ConfigException(
              "schedules.%s: round %s may end by the accuracy of another team than in a schedule before it; give it a name of its own"
                  .formatted(schedule.name(), round.name()));
        }
        for (Step step : round.steps()) {
          for (Training training : step.trainings()) {
            Training other = trained.putIfAbsent(training.adapter(), training);
            if (other != null && !other.equals(training)) {
              throw new ConfigException(
                  "schedules.%s: adapter %s starts from another one than in a schedule before it; give the round a name of its own"
                      .formatted(schedule.name(), training.adapter().name()));
            }
          }
        }
      }
    }
  }

  /** Goes through the rounds of a schedule and knows who is trained so far. */
  private static final class Resolution {
    private final ExperimentConfig config;
    private final String name;
    private final Cast start;
    private final List<Trees> sampled = new ArrayList<>();
    private final Map<String, List<Trees>> byName = new LinkedHashMap<>();
    private Cast team;
    private Cast imitation;
    private @Nullable Student student;
    private boolean ownFilter = true;

    Resolution(ExperimentConfig config, String name, Cast start) {
      this.config = config;
      this.name = name;
      this.start = start;
      this.team = start;
      this.imitation = start;
    }

    Schedule schedule(ScheduleSettings settings) {
      List<Round> rounds = new ArrayList<>();
      for (RoundSettings round : settings.rounds()) {
        int times = round.repeat() == null ? 1 : round.repeat();
        EarlyStop stop =
            round.patience() == null
                ? null
                : new EarlyStop(
                    IntStream.rangeClosed(1, times).mapToObj(time -> name(round, time)).toList(),
                    team,
                    round.patience());
        for (int time = 1; time <= times; time++) {
          rounds.add(round(round, time, stop));
        }
        if (stop != null) {
          team = team.keeping(stop);
          imitation = imitation.keeping(stop);
          student =
              student == null
                  ? null
                  : new Student(student.cast().keeping(stop), student.settings());
        }
      }
      return new Schedule(name, settings, start, rounds, imitation, ownFilter, team, student);
    }

    private static String name(RoundSettings settings, int time) {
      return time == 1 ? settings.name() : settings.name() + "-" + time;
    }

    /**
     * @param time which repetition, counted from 1
     */
    private Round round(RoundSettings settings, int time, @Nullable EarlyStop stop) {
      String roundName = name(settings, time);
      List<Double> thresholds = settings.threshold();
      Map<String, Object> changes = settings.settings() == null ? Map.of() : settings.settings();
      Recipe recipe =
          Recipe.of(config)
              .with(changes, "schedules.%s.rounds.%s.settings".formatted(name, roundName))
              .above(
                  thresholds == null
                      ? null
                      : thresholds.get(Math.min(time, thresholds.size()) - 1));
      List<Trees> trees = trees(settings, roundName, recipe.credit());
      List<Step> steps = new ArrayList<>();
      for (TrainSettings train : settings.train()) {
        List<Training> trainings = new ArrayList<>();
        for (AgentRole role : config.learners(train.method())) {
          if (train.roles() == null || train.roles().contains(role)) {
            Adapter adapter = new Adapter(roundName, role, train.method(), null);
            trainings.add(new Training(adapter, goesOn(train) ? team.of(role) : List.of()));
          }
        }
        trainings.forEach(training -> trained(training.adapter()));
        if (train.method() == Learning.SFT) {
          ownFilter &= recipe.credit().pooling() == Pooling.OWN || config.team().size() == 1;
        }
        steps.add(new Step(train.method(), trainings));
      }
      DistilSettings distil = settings.distil();
      if (distil != null) {
        Adapter alone = new Adapter(roundName, Distillation.STUDENT, Learning.SFT, null);
        Cast before = student == null ? Cast.BASE : student.cast();
        student = new Student(before.with(alone), distil);
        steps.add(new Step(Learning.SFT, List.of(new Training(alone, List.of()))));
      }
      return new Round(roundName, trees, recipe, changes, steps, distil, team, stop);
    }

    /** Those that a round is made of, in the order in which they are sampled. */
    private List<Trees> trees(RoundSettings settings, String roundName, ValueIteration credit) {
      List<Trees> own =
          settings.samples() ? List.of(grown(settings, roundName, credit)) : List.of();
      sampled.addAll(own);
      if (!own.isEmpty()) {
        byName.computeIfAbsent(settings.name(), key -> new ArrayList<>()).addAll(own);
        byName.putIfAbsent(roundName, own); // a repetition by itself
      }
      Set<Trees> wanted = new HashSet<>();
      for (String each : settings.trees() == null ? List.of(RoundSettings.OWN) : settings.trees()) {
        wanted.addAll(
            switch (each) {
              case RoundSettings.OWN -> own;
              case RoundSettings.ALL -> sampled;
              default -> named(each, roundName);
            });
      }
      return sampled.stream().filter(wanted::contains).toList();
    }

    private List<Trees> named(String wanted, String roundName) {
      List<Trees> found = byName.get(wanted);
      if (found == null) {
        throw new ConfigException(
            "schedules.%s.rounds.%s.trees: %s samples no trees up to this round; those that do: %s"
                .formatted(name, roundName, wanted, byName.keySet()));
      }
      return found;
    }

    private Trees grown(RoundSettings settings, String roundName, ValueIteration credit) {
      AdaptiveSettings adaptive = config.sampling().adaptive();
      Growth growth = adaptive == null ? null : new Growth(adaptive, credit.threshold());
      List<Integer> branching =
          settings.branching() != null
              ? settings.branching()
              : TeamChain.turns(config).values().stream()
                  .map(ExperimentConfig.TurnSettings::branching)
                  .toList();
      boolean base = settings.sample() == RoundSettings.Sample.BASE;
      return new Trees(roundName, base ? Cast.BASE : team, new Branching(branching), growth);
    }

    private static boolean goesOn(TrainSettings train) {
      return train.from() == null
          ? train.method() != Learning.SFT
          : train.from() == TrainSettings.From.CURRENT;
    }

    private void trained(Adapter adapter) {
      team = team.with(adapter);
      if (adapter.method() == Learning.SFT) {
        imitation = imitation.with(adapter);
      }
    }
  }

  /** The plan in words, a line for each thing that is done. */
  public List<String> lines() {
    return PlanLines.of(this);
  }
}
