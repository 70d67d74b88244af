package malt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.credit.ValueIteration;
import malt.experiment.ExperimentConfig.RoundSettings;
import malt.experiment.ExperimentConfig.ScheduleSettings;
import malt.experiment.ExperimentConfig.TrainSettings;
import malt.tree.Branching;

/**
 * What a run does, round by round: who samples which trees, and which adapters are trained from
 * them, starting from which. It is the configuration's schedules resolved, the same for every seed.
 */
public record Plan(List<Schedule> schedules) {
  public Plan {
    schedules = List.copyOf(schedules);
  }

  /** An adapter that a round trains; it begins to exist when there is something to train on. */
  public record Adapter(String round, AgentRole role, Learning method) {
    public String name() {
      return "%s/%s/%s".formatted(round, role, method.label());
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

    /** A role's adapters, the newest first. */
    public List<Adapter> of(AgentRole role) {
      return adapters.getOrDefault(role, List.of());
    }

    /** The methods that made the adapter a role speaks under, the first one first. */
    List<Learning> methods(AgentRole role) {
      List<Learning> methods = new ArrayList<>();
      for (Adapter adapter : of(role)) {
        methods.remove(adapter.method());
        methods.add(0, adapter.method());
        if (adapter.method() == Learning.SFT) {
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

    @Override
    public String toString() {
      return adapters.isEmpty()
          ? "the base"
          : adapters.values().stream()
              .map(all -> all.get(0).name())
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
  }

  /** Trainings side by side. */
  public record Step(Learning method, List<Training> trainings) {
    public Step {
      trainings = List.copyOf(trainings);
    }
  }

  /** A tree of every training problem, and what is trained from them. */
  public record Round(
      String name, Cast sampling, Branching branching, ValueIteration credit, List<Step> steps) {
    public Round {
      steps = List.copyOf(steps);
    }

    /** Name of its completions in the journal. */
    public String scope() {
      return "train/" + name;
    }

    private boolean sameTrees(Round other) {
      return sampling.equals(other.sampling)
          && branching.equals(other.branching)
          && credit.equals(other.credit);
    }
  }

  /**
   * Rounds one after the other, and the teams that come of them.
   *
   * @param imitation every role after its last SFT: the team of STaR
   * @param team every role after its last training: the team of MALT
   */
  public record Schedule(
      String name, ScheduleSettings settings, List<Round> rounds, Cast imitation, Cast team) {
    public Schedule {
      rounds = List.copyOf(rounds);
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
      schedules.add(new Resolution(config, name).schedule(settings));
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

  /** Every round once, in the order in which they are first needed. */
  public List<Round> rounds() {
    Map<String, Round> rounds = new LinkedHashMap<>();
    schedules.forEach(
        schedule -> schedule.rounds().forEach(round -> rounds.putIfAbsent(round.name(), round)));
    return List.copyOf(rounds.values());
  }

  /** The roles that a method trains from the trees of a round, under any schedule. */
  Set<AgentRole> trained(String round, Learning method) {
    return schedules.stream()
        .flatMap(schedule -> schedule.rounds().stream())
        .filter(each -> each.name().equals(round))
        .flatMap(each -> each.steps().stream())
        .flatMap(step -> step.trainings().stream())
        .map(Training::adapter)
        .filter(adapter -> adapter.method() == method)
        .map(Adapter::role)
        .collect(Collectors.toSet());
  }

  private void requireSharedRounds() {
    Map<String, Round> known = new LinkedHashMap<>();
    Map<Adapter, Training> trained = new LinkedHashMap<>();
    for (Schedule schedule : schedules) {
      for (Round round : schedule.rounds()) {
        Round first = known.putIfAbsent(round.name(), round);
        if (first != null && !first.sameTrees(round)) {
          throw new ConfigException(
              "schedules.%s: round %s samples other trees than a schedule before it under the same name; give it a name of its own"
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
    private Cast team = Cast.BASE;
    private Cast imitation = Cast.BASE;

    Resolution(ExperimentConfig config, String name) {
      this.config = config;
      this.name = name;
    }

    Schedule schedule(ScheduleSettings settings) {
      List<Round> rounds = new ArrayList<>();
      for (RoundSettings round : settings.rounds()) {
        int times = round.repeat() == null ? 1 : round.repeat();
        for (int time = 1; time <= times; time++) {
          rounds.add(round(round, time == 1 ? round.name() : round.name() + "-" + time));
        }
      }
      return new Schedule(name, settings, rounds, imitation, team);
    }

    private Round round(RoundSettings settings, String roundName) {
      Cast sampling = settings.sample() == RoundSettings.Sample.BASE ? Cast.BASE : team;
      Branching branching =
          new Branching(
              settings.branching() != null
                  ? settings.branching()
                  : TeamChain.turns(config).values().stream()
                      .map(ExperimentConfig.TurnSettings::branching)
                      .toList());
      Double threshold = settings.threshold();
      ValueIteration credit =
          threshold == null
              ? config.credit()
              : new ValueIteration(threshold, config.credit().pooling());
      List<Step> steps = new ArrayList<>();
      for (TrainSettings train : settings.train()) {
        List<Training> trainings = new ArrayList<>();
        for (AgentRole role : config.learners(train.method())) {
          if (train.roles() == null || train.roles().contains(role)) {
            Adapter adapter = new Adapter(roundName, role, train.method());
            trainings.add(new Training(adapter, goesOn(train) ? team.of(role) : List.of()));
          }
        }
        trainings.forEach(training -> trained(training.adapter()));
        steps.add(new Step(train.method(), trainings));
      }
      return new Round(roundName, sampling, branching, credit, steps);
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
    List<String> lines = new ArrayList<>();
    for (Schedule schedule : schedules) {
      lines.add("schedule " + schedule.name());
      for (Round round : schedule.rounds()) {
        lines.add(
            "  round %s: trees %s, %,d completions a question, by %s; correct above %s"
                .formatted(
                    round.name(),
                    round.branching(),
                    round.branching().descendants(-1),
                    round.sampling(),
                    round.credit().threshold()));
        for (Step step : round.steps()) {
          for (Training training : step.trainings()) {
            lines.add(
                "    train %s from %s"
                    .formatted(
                        training.adapter().name(),
                        training.start().isEmpty()
                            ? "a fresh adapter"
                            : training.start().get(0).name()));
          }
        }
      }
      lines.add("  evaluate %s".formatted(schedule.team()));
    }
    return lines;
  }
}
