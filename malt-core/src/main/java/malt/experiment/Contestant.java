package malt.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.evaluation.EvaluatedTeam;
import malt.evaluation.Meaning;
import malt.evaluation.Method;
import malt.evaluation.Study;
import malt.evaluation.Turn;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.model.AdapterRef;
import malt.tree.Branching;
import malt.tree.Substitution;
import org.jspecify.annotations.Nullable;

/**
 * A team that is evaluated.
 *
 * @param identity what the report knows of it
 * @param schedule that trains it; null where none does
 * @param cast by whose adapters it speaks, studies of it aside
 * @param branching of its passes over a question
 * @param substitution what later turns are shown in place of a critique; null for what was said
 */
record Contestant(
    EvaluatedTeam identity,
    Plan.@Nullable Schedule schedule,
    Plan.Cast cast,
    AgentTeam team,
    Branching branching,
    @Nullable Substitution substitution) {

  /** A team that a schedule trains, by plan. */
  private record Trained(Meaning meaning, Plan.Schedule schedule, Plan.Cast cast) {}

  /**
   * Everyone these settings ask for, trained teams of all schedules included. A team that by plan
   * has the adapters of an earlier one is that team, and not there again.
   */
  static List<Contestant> all(
      ExperimentConfig config,
      Plan plan,
      ExperimentConfig.EvaluationSettings evaluation,
      Teams teams) {
    AgentTeam base = Teams.untrained(config);
    List<Turn> turns = Turn.of(base);
    List<Contestant> all = new ArrayList<>();
    all.addAll(withMatching(Meaning.base(turns), null, Plan.Cast.BASE, base, evaluation));
    all.addAll(start(config, plan, evaluation, teams));
    for (Trained trained : trained(plan, turns)) {
      Plan.Schedule schedule = trained.schedule();
      Plan.Student student = schedule.student();
      if (student != null && trained.meaning().kind() == Meaning.Kind.DISTILLED) {
        all.add(
            contestant(
                trained.meaning(),
                schedule,
                student.cast(),
                teams.student(student),
                evaluation.votes(),
                false));
        continue;
      }
      AgentTeam team = teams.evaluating(trained.cast());
      if (trained.meaning().kind() == Meaning.Kind.MALT) {
        List<Study.Change> ablations =
            evaluation.ablated().contains(schedule.name()) ? evaluation.ablations() : List.of();
        Contestant full =
            contestant(
                trained.meaning(),
                schedule,
                trained.cast(),
                team,
                evaluation.votes(),
                ablations.contains(Study.Change.DROPPED_ROLE));
        all.add(full);
        AgentTeam before = teams.evaluating(schedule.start());
        ablations.forEach(ablation -> all.addAll(full.ablated(ablation, schedule, before)));
      } else {
        all.addAll(withMatching(trained.meaning(), schedule, trained.cast(), team, evaluation));
      }
    }
    ExperimentConfig.DebateSettings debate = evaluation.debate();
    if (debate != null) {
      String note = debate.note() == null ? "" : debate.note();
      AgentTeam debaters =
          TeamChain.debate(debate, config.sampling().evaluation(debate.maxTokens()));
      all.add(
          contestant(
              Meaning.debate(debate.agents(), note), null, Plan.Cast.BASE, debaters, 1, false));
    }
    return all;
  }

  /** The team that schedules begin with, where there is one besides the base. */
  private static List<Contestant> start(
      ExperimentConfig config,
      Plan plan,
      ExperimentConfig.EvaluationSettings evaluation,
      Teams teams) {
    Plan.Cast start = Plan.Cast.start(config);
    if (config.start() == null
        || plan.schedules().stream().noneMatch(each -> each.start().equals(start))) {
      return List.of();
    }
    AgentTeam team = teams.evaluating(start);
    Meaning meaning = Meaning.start(config.start().team());
    return withMatching(meaning, null, start, team, evaluation);
  }

  /**
   * Of each schedule the team after SFT alone, where that is another one, the whole one, and the
   * single model that was taught what it came to.
   */
  private static List<Trained> trained(Plan plan, List<Turn> turns) {
    List<Trained> teams = new ArrayList<>();
    Set<Plan.Cast> known = new HashSet<>(Set.of(Plan.Cast.BASE));
    plan.schedules().forEach(schedule -> known.add(schedule.start()));
    for (Plan.Schedule schedule : plan.schedules()) {
      String name = schedule.name();
      String label = schedule.settings().label();
      String about = about(schedule);
      boolean imitates = schedule.star() || !schedule.imitation().equals(schedule.team());
      if (imitates && known.add(schedule.imitation())) {
        Meaning imitation = Meaning.imitation(name, label, about, turns, schedule.ownFilter());
        teams.add(new Trained(imitation, schedule, schedule.imitation()));
      }
      if (known.add(schedule.team())) {
        Meaning malt = Meaning.malt(name, label, about, turns, methods(schedule.team()));
        teams.add(new Trained(malt, schedule, schedule.team()));
      }
      Plan.Student student = schedule.student();
      if (student != null && known.add(student.cast())) {
        boolean conversation = student.settings().says() == DistilSettings.Says.CONVERSATION;
        Meaning distilled = Meaning.distilled(name, label, about, conversation);
        teams.add(new Trained(distilled, schedule, student.cast()));
      }
    }
    return teams;
  }

  /** What must be known of it: its own words, and that it did not begin with the base. */
  private static String about(Plan.Schedule schedule) {
    String about = schedule.settings().about() == null ? "" : schedule.settings().about();
    return schedule.start().equals(Plan.Cast.BASE)
        ? about
        : "begun with the start" + (about.isEmpty() ? "" : "; " + about);
  }

  /** The names of the trained teams; one that stands twice would be two rows of one name. */
  static List<String> names(ExperimentConfig config, Plan plan) {
    return trained(plan, Turn.of(Teams.untrained(config))).stream()
        .map(trained -> trained.meaning().name())
        .toList();
  }

  /** What each role was trained by, as people call it. */
  private static Map<String, List<String>> methods(Plan.Cast team) {
    Map<String, List<String>> methods = new LinkedHashMap<>();
    for (AgentRole role : team.adapters().keySet()) {
      methods.put(role.name(), team.methods(role).stream().map(Learning::name).toList());
    }
    return methods;
  }

  /** A baseline, and its first turn alone with as many calls as its vote makes. */
  private static List<Contestant> withMatching(
      Meaning meaning,
      Plan.@Nullable Schedule schedule,
      Plan.Cast cast,
      AgentTeam team,
      ExperimentConfig.EvaluationSettings evaluation) {
    List<Contestant> both = new ArrayList<>();
    both.add(contestant(meaning, schedule, cast, team, evaluation.votes(), false));
    if (evaluation.equalCalls() && team.turns() > 1 && meaning.baseline()) {
      Meaning matching = meaning.matching(Turn.of(team), evaluation.votes());
      both.add(contestant(matching, schedule, cast, team.first(1), matching.votes(), false));
    }
    return both;
  }

  private static Contestant contestant(
      Meaning meaning,
      Plan.@Nullable Schedule schedule,
      Plan.Cast cast,
      AgentTeam team,
      int votes,
      boolean endings) {
    return new Contestant(
        new EvaluatedTeam(meaning, Turn.of(team), team.voters(), endings),
        schedule,
        cast,
        team,
        Branching.passes(votes, team.turns()),
        null);
  }

  String name() {
    return identity.name();
  }

  private Contestant as(Study study, AgentTeam other, @Nullable Substitution shown) {
    EvaluatedTeam changed =
        new EvaluatedTeam(
            identity.meaning().with(study), identity.turns(), identity.voters(), false);
    return new Contestant(changed, schedule, cast, other, branching, shown);
  }

  /** Cut to the passes and turns that these methods read. */
  Contestant onlyFor(List<Method> methods) {
    int turns = 1;
    int passes = 1;
    for (Method method : methods) {
      turns = Math.max(turns, method.strategy().turns(team.turns()));
      passes = Math.max(passes, method.strategy().passes());
    }
    boolean heard = substitution != null && substitution.turn() < turns - 1;
    return new Contestant(
        identity.first(turns),
        schedule,
        cast,
        team.first(turns),
        Branching.passes(passes, turns),
        heard ? substitution : null);
  }

  private static Map<AgentRole, AdapterRef> adapters(AgentTeam team) {
    Map<AgentRole, AdapterRef> adapters = new LinkedHashMap<>();
    team.agents().forEach(agent -> adapters.put(agent.role(), agent.adapter()));
    return adapters;
  }

  /** The turns whose judgement someone can hear. */
  private List<Integer> heardJudges() {
    return team.judges().stream().filter(turn -> turn < team.turns() - 1).toList();
  }

  /**
   * @param before the team before its training
   */
  private List<Contestant> ablated(Study.Change ablation, Plan.Schedule trained, AgentTeam before) {
    Map<AgentRole, AdapterRef> malt = adapters(team);
    List<Turn> turns = identity.turns();
    List<Contestant> studies = new ArrayList<>();
    if (ablation == Study.Change.UNTRAINED_ROLE && turns.size() > 1) {
      adapters(before)
          .forEach(
              (role, was) -> {
                Study study =
                    trained.start().of(role).isEmpty()
                        ? Study.untrained(turns, role.name())
                        : Study.start(turns, role.name());
                studies.add(as(study, team.withAdapters(Map.of(role, was)), null));
              });
    }
    for (int judge : heardJudges()) {
      switch (ablation) {
        case UNTRAINED_ROLE -> {} // not a study of critiques
        case DROPPED_ROLE -> // shorter chains are read from the full team's own passes
            studies.add(as(Study.silenced(turns, judge), team, Substitution.empty(judge)));
        case SHUFFLED_CRITIQUES ->
            studies.add(as(Study.shuffled(turns, judge), team, Substitution.shuffled(judge)));
        case SWAPPED_ADAPTERS -> {
          AgentRole critic = team.agents().get(judge).role();
          AgentRole next = team.agents().get(judge + 1).role();
          Map<AgentRole, AdapterRef> swapped = new LinkedHashMap<>();
          swapped.put(critic, malt.getOrDefault(next, AdapterRef.BASE));
          swapped.put(next, malt.getOrDefault(critic, AdapterRef.BASE));
          studies.add(as(Study.swapped(turns, judge), team.withAdapters(swapped), null));
        }
      }
    }
    return studies;
  }
}
