package malt.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.model.Completion;
import malt.problem.Grader;

/**
 * The answer that most completions give; equal are answers of one {@link Grader#canonical} key.
 * Completions that state no answer do not count. Among answers with equally many votes the one
 * whose completions have the higher summed log-probability wins; if that is equal too, or a model
 * returned no log-probabilities, the one first given. The paper names no rule for ties; this is
 * ours.
 */
public final class MajorityVote {
  private MajorityVote() {}

  /** The first completion that gives the winning answer; empty where none states an answer. */
  public static Optional<Completion> winner(Grader grader, List<Completion> completions) {
    Map<String, List<Completion>> votes = new LinkedHashMap<>();
    for (Completion completion : completions) {
      grader
          .extract(completion.text())
          .map(grader::canonical)
          .ifPresent(key -> votes.computeIfAbsent(key, k -> new ArrayList<>()).add(completion));
    }
    int most = votes.values().stream().mapToInt(List::size).max().orElse(0);
    return likeliest(votes.values().stream().filter(group -> group.size() == most).toList())
        .map(group -> group.get(0));
  }

  private static Optional<List<Completion>> likeliest(List<List<Completion>> tied) {
    if (tied.stream().anyMatch(group -> Double.isNaN(logProb(group)))) {
      return Optional.of(tied.get(0));
    }
    List<Completion> best = null;
    for (List<Completion> group : tied) {
      if (best == null || logProb(group) > logProb(best)) {
        best = group;
      }
    }
    return Optional.ofNullable(best);
  }

  /** NaN where a completion came without log-probabilities. */
  private static double logProb(List<Completion> completions) {
    return completions.stream()
        .mapToDouble(
            completion -> completion.logProbs().length == 0 ? Double.NaN : completion.logProb())
        .sum();
  }
}
