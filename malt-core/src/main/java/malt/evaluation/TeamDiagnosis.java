package malt.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each turn does to the answer, over all passes that did not fail. The standing answer after a
 * turn is the latest one stated so far: an agent that states none leaves the previous one standing.
 *
 * @param roles role name of each turn
 * @param passes that neither failed nor have a broken reference answer
 * @param right passes whose standing answer is right, after each turn
 * @param flips from the generator's own answer to the answer that the last turn's text states
 * @param flags of the turn played by the role "verifier", about the answer standing before it; all
 *     zero where there is no such turn
 */
public record TeamDiagnosis(
    List<String> roles, long passes, List<Long> right, Flips flips, FlagCounts flags) {
  public TeamDiagnosis {
    roles = List.copyOf(roles);
    right = List.copyOf(right);
  }

  static TeamDiagnosis none(List<String> roles) {
    return new TeamDiagnosis(
        roles, 0, roles.stream().map(role -> 0L).toList(), Flips.NONE, FlagCounts.NONE);
  }

  /** Accuracy of the standing answer by role, in the order of the turns; null without passes. */
  Map<String, @Nullable Double> accuracies() {
    Map<String, @Nullable Double> accuracies = new LinkedHashMap<>();
    for (int turn = 0; turn < roles.size(); turn++) {
      Double accuracy = passes == 0 ? null : Double.valueOf((double) right.get(turn) / passes);
      accuracies.put(roles.get(turn), accuracy);
    }
    return accuracies;
  }

  TeamDiagnosis plus(TeamDiagnosis other) {
    List<Long> sums = new ArrayList<>();
    for (int turn = 0; turn < right.size(); turn++) {
      sums.add(right.get(turn) + other.right.get(turn));
    }
    return new TeamDiagnosis(
        roles, passes + other.passes, sums, flips.plus(other.flips), flags.plus(other.flags));
  }
}
