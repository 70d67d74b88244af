package malt.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows and comparisons of the paper's tables and of our own schedules, for whatever teams were
 * sampled.
 *
 * <p>Teams: "MA" (untrained), "STaR MA" (SFT on all roles), "MALT", the same two with " GF"
 * (generator first) or " SF" (SFT first), "debate"; an ablation of a team is named after it and a
 * comma, such as "MALT, shuffled critiques", and gives the row "MALT+MV, shuffled critiques". The
 * single-agent rows are turn 0 of the multi-agent passes.
 */
public final class PaperTable {
  public static final String DEBATE = "debate";

  private static final List<String> TEAMS =
      List.of("MA", "STaR MA", "MALT", "STaR MA GF", "MALT GF", "STaR MA SF", "MALT SF");
  private static final List<String> FULL = List.of("MALT", "MALT GF", "MALT SF");
  private static final List<String> BASELINES =
      List.of("SA", "SA+MV", "MA+MV", "STaR SA+MV", "STaR MA+MV", DEBATE);

  private PaperTable() {}

  /**
   * The rows that can be read from the teams given, in the order of the table.
   *
   * @param votes k
   * @param debaters agents of a debate's round
   * @param flags for the dropped-role row "G+V"; null leaves that row out
   */
  public static List<Method> methods(
      Collection<String> teams, int votes, int debaters, @Nullable FlagDetector flags) {
    List<Method> methods = new ArrayList<>();
    for (String team : TEAMS) {
      if (teams.contains(team)) {
        if (team.equals("MA") || team.equals("STaR MA")) {
          addBoth(methods, team.replace("MA", "SA"), team, 0, votes);
        }
        addBoth(methods, team, team, PassVote.LAST, votes);
      }
    }
    if (teams.contains(DEBATE)) {
      methods.add(new Method(DEBATE, DEBATE, new DebateVote(debaters)));
    }
    for (String team : FULL) {
      if (teams.contains(team)) {
        addAblations(methods, teams, team, votes, flags);
      }
    }
    return List.copyOf(methods);
  }

  private static void addBoth(List<Method> methods, String name, String team, int turn, int votes) {
    methods.add(new Method(name, team, new PassVote(turn, 1)));
    methods.add(new Method(name + "+MV", team, new PassVote(turn, votes)));
  }

  private static void addAblations(
      List<Method> methods,
      Collection<String> teams,
      String full,
      int votes,
      @Nullable FlagDetector flags) {
    String voted = full + "+MV";
    if (teams.contains(full + ", G+R")) { // the other dropped-role rows are read from full passes
      methods.add(new Method(voted + ", G", full, new PassVote(0, votes)));
      if (flags != null) {
        methods.add(new Method(voted + ", G+V", full, new UnflaggedVote(votes, flags)));
      }
    }
    for (String team : teams) {
      if (team.startsWith(full + ", ")) {
        String name = voted + team.substring(full.length());
        methods.add(new Method(name, team, new PassVote(PassVote.LAST, votes)));
      }
    }
  }

  /**
   * MALT with votes, in any schedule, against every baseline and every ablation of itself that is
   * among the methods; where there is no such row, each method against the first.
   */
  public static List<Comparison> comparisons(List<Method> methods) {
    Set<String> names = new LinkedHashSet<>();
    methods.forEach(method -> names.add(method.name()));
    List<Comparison> comparisons = new ArrayList<>();
    for (String full : FULL) {
      String voted = full + "+MV";
      if (names.contains(voted)) {
        Set<String> baselines = new LinkedHashSet<>(BASELINES);
        baselines.add(voted.replace("MALT", "STaR MA")); // SFT of the same schedule
        baselines.stream()
            .filter(names::contains)
            .forEach(baseline -> comparisons.add(new Comparison(voted, baseline)));
        names.stream()
            .filter(name -> name.startsWith(voted + ", "))
            .forEach(name -> comparisons.add(new Comparison(voted, name)));
      }
    }
    if (comparisons.isEmpty()) {
      methods.stream()
          .skip(1)
          .forEach(method -> comparisons.add(new Comparison(method.name(), methods.get(0).name())));
    }
    return List.copyOf(comparisons);
  }
}
