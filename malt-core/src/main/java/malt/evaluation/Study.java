package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an ablation changes in a trained team.
 *
 * @param turns names of the turns that are changed: those of the untrained role, those left out,
 *     the one whose critiques are shuffled, the two whose adapters are swapped
 * @param name as rows of the table are named by it, such as "G+R"
 * @param sentence what it is, as the end of a sentence
 */
public record Study(Change change, List<String> turns, String name, String sentence) {
  /** The kinds of studies. */
  public enum Change {
    /** A role is played as before its training: by the base, or as the run began with it. */
    @JsonProperty("untrained-role")
    UNTRAINED_ROLE,
    /** Turns are left out. */
    @JsonProperty("dropped-role")
    DROPPED_ROLE,
    /** The turns after a critique see another question's. */
    @JsonProperty("shuffled-critiques")
    SHUFFLED_CRITIQUES,
    /** Two roles play with each other's adapters. */
    @JsonProperty("swapped-adapters")
    SWAPPED_ADAPTERS
  }

  public Study {
    turns = List.copyOf(turns);
  }

  /** The base plays this role. */
  public static Study untrained(List<Turn> team, String role) {
    List<String> turns =
        team.stream().filter(turn -> turn.role().equals(role)).map(Turn::name).toList();
    return new Study(
        Change.UNTRAINED_ROLE, turns, "untrained " + role, "here with an untrained " + role);
  }

  /** The role is played as the run began with it. */
  public static Study start(List<Turn> team, String role) {
    Study untrained = untrained(team, role);
    return new Study(
        untrained.change(),
        untrained.turns(),
        "start " + role,
        "here with the %s as the run began with it".formatted(role));
  }

  /** Nobody speaks after the first turns; the answer is read from what they said. */
  static Study endingAfter(List<Turn> team, int turns) {
    List<Turn> left = team.subList(turns, team.size());
    return dropped(team, left, "here without " + Words.list(names(left)));
  }

  /** A critique is left out: the turns after it see an empty text in its place. */
  public static Study silenced(List<Turn> team, int judge) {
    Turn left = team.get(judge);
    return dropped(
        team,
        List.of(left),
        "here without "
            + left.name()
            + " (the review is empty, a prompt that nobody was trained on, so a loss is not all the "
            + left.name()
            + "'s worth)");
  }

  private static Study dropped(List<Turn> team, List<Turn> left, String sentence) {
    Set<String> roles = new LinkedHashSet<>();
    team.forEach(turn -> roles.add(turn.role()));
    boolean initials = roles.stream().map(Study::initial).distinct().count() == roles.size();
    List<Turn> kept = new ArrayList<>(team);
    kept.removeAll(left);
    String name =
        kept.stream()
            .map(turn -> initials ? letters(team, turn) : turn.name())
            .collect(Collectors.joining("+"));
    return new Study(Change.DROPPED_ROLE, names(left), name, sentence);
  }

  /** The initial of the role, numbered from its second turn on. */
  private static String letters(List<Turn> team, Turn turn) {
    long before =
        team.subList(0, team.indexOf(turn)).stream()
            .filter(other -> other.role().equals(turn.role()))
            .count();
    return initial(turn.role()) + (before == 0 ? "" : before + 1);
  }

  private static String initial(String role) {
    return role.substring(0, 1).toUpperCase(Locale.ROOT);
  }

  /** The turns after a critique are shown another question's. */
  public static Study shuffled(List<Turn> team, int judge) {
    String whose = onlyJudge(team) ? "" : " of " + team.get(judge).name();
    return new Study(
        Change.SHUFFLED_CRITIQUES,
        List.of(team.get(judge).name()),
        "shuffled critiques" + whose,
        "here with other questions' critiques" + whose);
  }

  /** A judge and who speaks after it play with each other's adapters. */
  public static Study swapped(List<Turn> team, int judge) {
    List<String> two = names(team.subList(judge, judge + 2));
    return new Study(
        Change.SWAPPED_ADAPTERS,
        two,
        "swapped adapters" + (onlyJudge(team) ? "" : " of " + Words.list(two)),
        "here with the adapters of " + Words.list(two) + " swapped");
  }

  private static boolean onlyJudge(List<Turn> team) {
    return team.stream().filter(turn -> turn.judges() != null).count() == 1;
  }

  private static List<String> names(List<Turn> turns) {
    return turns.stream().map(Turn::name).toList();
  }
}
