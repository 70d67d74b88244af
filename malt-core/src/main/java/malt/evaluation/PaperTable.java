package malt.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import malt.agent.Judgement;

/**
 * The rows and comparisons of the paper's tables, for whatever teams were sampled. Single-agent
 * rows are the first turn of multi-agent passes.
 */
public final class PaperTable {
  private PaperTable() {}

  /**
   * The rows that can be read from the teams given: the teams in the order given, then debates,
   * then the studies of each team.
   *
   * @param votes k
   */
  public static List<Method> methods(List<EvaluatedTeam> teams, int votes) {
    List<Method> methods = new ArrayList<>();
    List<EvaluatedTeam> chains = teams.stream().filter(PaperTable::isChain).toList();
    for (EvaluatedTeam team : chains) {
      Meaning meaning = team.meaning();
      if (meaning.matched()) {
        methods.add(new Method(team.name(), team.vote(meaning.votes()), meaning));
        continue;
      }
      boolean alone = meaning.kind() == Meaning.Kind.DISTILLED; // already
      if (!alone && meaning.kind() != Meaning.Kind.MALT && meaning.label().isEmpty()) {
        addBoth(methods, team, meaning.firstAlone(team.turns()), new PassVote(0, 1), votes);
      }
      addBoth(methods, team, meaning, team.vote(1), votes);
    }
    for (EvaluatedTeam team : teams) {
      if (team.meaning().kind() == Meaning.Kind.DEBATE) {
        methods.add(new Method(team.name(), team.vote(1), team.meaning()));
      }
    }
    for (EvaluatedTeam team : chains) {
      if (team.endings()) {
        addEndings(methods, team, votes);
      }
      for (EvaluatedTeam other : teams) {
        if (other.meaning().study() != null && ofOneTraining(team.meaning(), other.meaning())) {
          methods.add(new Method(other.name(), other.vote(votes), other.meaning().vote(votes)));
        }
      }
    }
    return List.copyOf(methods);
  }

  private static boolean isChain(EvaluatedTeam team) {
    return team.meaning().kind() != Meaning.Kind.DEBATE && team.meaning().study() == null;
  }

  private static boolean ofOneTraining(Meaning a, Meaning b) {
    return a.kind() == b.kind() && Objects.equals(a.schedule(), b.schedule());
  }

  private static void addBoth(
      List<Method> methods, EvaluatedTeam team, Meaning meaning, PassVote once, int votes) {
    PassVote voted = new PassVote(once.turn(), votes, once.voters());
    methods.add(new Method(team.name(), once, meaning));
    methods.add(new Method(team.name(), voted, meaning.vote(votes)));
  }

  /** A team that ends with a critique gives the answers that it does not flag. */
  private static void addEndings(List<Method> methods, EvaluatedTeam team, int votes) {
    for (int turn = 0; turn < team.turns().size() - 1; turn++) {
      Turn last = team.turns().get(turn);
      Meaning meaning = team.meaning().with(Study.endingAfter(team.turns(), turn + 1));
      Judgement judges = last.judges();
      if (judges == null) {
        methods.add(new Method(team.name(), new PassVote(turn, votes), meaning.vote(votes)));
      } else if (judges.tells()) {
        methods.add(
            new Method(team.name(), new UnflaggedVote(votes, turn, judges), meaning.vote(votes)));
      }
    }
  }

  /**
   * Every full team with votes against each baseline, the same after SFT alone, each full team
   * before it and each study of itself that is among the methods; where there is none, each method
   * against the first.
   */
  public static List<Comparison> comparisons(List<Method> methods) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Method full : methods) {
      if (full.meaning().full()) {
        others(full, methods)
            .forEach(other -> comparisons.add(new Comparison(full.name(), other.name())));
      }
    }
    if (comparisons.isEmpty()) {
      methods.stream()
          .skip(1)
          .forEach(method -> comparisons.add(new Comparison(method.name(), methods.get(0).name())));
    }
    return List.copyOf(comparisons);
  }

  /**
   * Baselines, SFT of the same schedule, the model it was distilled into, earlier schedules, the
   * team's studies.
   */
  private static Set<Method> others(Method of, List<Method> methods) {
    Meaning full = of.meaning();
    Set<Meaning> before = new HashSet<>();
    methods.subList(0, methods.indexOf(of)).forEach(method -> before.add(method.meaning()));
    List<Predicate<Meaning>> groups =
        List.of(
            other -> other.study() == null && isBaseline(other),
            other ->
                other.study() == null
                    && other.kind() == Meaning.Kind.SFT
                    && other.voted()
                    && Objects.equals(other.schedule(), full.schedule()),
            other ->
                other.kind() == Meaning.Kind.DISTILLED
                    && other.voted()
                    && Objects.equals(other.schedule(), full.schedule()),
            other -> other.full() && before.contains(other),
            other -> other.study() != null && ofOneTraining(full, other));
    Set<Method> others = new LinkedHashSet<>();
    groups.forEach(group -> of(group, methods).forEach(others::add));
    return others;
  }

  private static Stream<Method> of(Predicate<Meaning> group, List<Method> methods) {
    return methods.stream().filter(method -> group.test(method.meaning()));
  }

  private static boolean isBaseline(Meaning meaning) {
    boolean single = meaning.kind() == Meaning.Kind.BASE && meaning.alone();
    return meaning.baseline() && (meaning.voted() || single);
  }
}
