package malt.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each turn does to the answer, over all passes that did not fail. The standing answer after a
 * turn is the latest one stated so far: an agent that states none leaves the previous one standing.
 *
 * @param passes that neither failed nor have a broken reference answer
 * @param right passes whose standing answer is right, after each turn
 * @param flips from the first turn's own answer to the answer that the last turn's text states
 * @param flags of each turn, about the answer standing before it; all zero for a turn that judges
 *     nothing
 */
public record TeamDiagnosis(
    List<Turn> turns, long passes, List<Long> right, Flips flips, List<FlagCounts> flags) {
  public TeamDiagnosis {
    turns = List.copyOf(turns);
    right = List.copyOf(right);
    flags = List.copyOf(flags);
  }

  static TeamDiagnosis none(List<Turn> turns) {
    return new TeamDiagnosis(
        turns,
        0,
        Collections.nCopies(turns.size(), 0L),
        Flips.NONE,
        Collections.nCopies(turns.size(), FlagCounts.NONE));
  }

  /** Accuracy of the standing answer by turn, in order; null without passes. */
  Map<String, @Nullable Double> accuracies() {
    Map<String, @Nullable Double> accuracies = new LinkedHashMap<>();
    for (int turn = 0; turn < turns.size(); turn++) {
      Double accuracy = passes == 0 ? null : Double.valueOf((double) right.get(turn) / passes);
      accuracies.put(turns.get(turn).name(), accuracy);
    }
    return accuracies;
  }

  /** How well each turn judges that judged anything, in order. */
  Map<String, VerifierQuality> judges() {
    Map<String, VerifierQuality> judges = new LinkedHashMap<>();
    for (int turn = 0; turn < turns.size(); turn++) {
      if (!flags.get(turn).equals(FlagCounts.NONE)) {
        judges.put(turns.get(turn).name(), VerifierQuality.of(flags.get(turn)));
      }
    }
    return judges;
  }

  TeamDiagnosis plus(TeamDiagnosis other) {
    List<Long> sums = new ArrayList<>();
    List<FlagCounts> counts = new ArrayList<>();
    for (int turn = 0; turn < turns.size(); turn++) {
      sums.add(right.get(turn) + other.right.get(turn));
      counts.add(flags.get(turn).plus(other.flags.get(turn)));
    }
    return new TeamDiagnosis(turns, passes + other.passes, sums, flips.plus(other.flips), counts);
  }
}
