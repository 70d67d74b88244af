package malt.app.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.evaluation.VerifierQuality;
import malt.experiment.RunLayout;
import malt.experiment.SetStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What the trees of a round look like so far, in all seeds, and the sets made of them.
 *
 * @param trees whose: the round's own, or those of an earlier one under its labels
 * @param accuracy share of graded leaves that are right; null where there is none
 * @param harmed critiques after which a right answer became a wrong one
 * @param helped critiques after which a wrong answer became a right one
 * @param turns in the order in which they speak
 * @param sets by role, once they are made of all that the round reads
 */
record RoundFacts(
    String round,
    String trees,
    long begun,
    long complete,
    @Nullable Double accuracy,
    long harmed,
    long helped,
    List<Turn> turns,
    Map<String, Sets> sets) {
  /**
   * How a turn speaks.
   *
   * @param length tokens of a completion, on average
   * @param entropy nats a token: the mean negative log-probability of what was sampled
   * @param truncated share that the token limit cut
   * @param nodes of complete trees
   * @param correct of these
   * @param ungradable of these
   * @param histogram of these by value, in ten bins
   * @param judging how well it flags wrong answers; null for a turn that judges none
   */
  record Turn(
      String name,
      long completions,
      @Nullable Double length,
      @Nullable Double entropy,
      double truncated,
      int nodes,
      int correct,
      int ungradable,
      List<Integer> histogram,
      @Nullable VerifierQuality judging) {
    private static Turn of(String name, TreeFacts.Turn facts) {
      VerifierQuality judging = VerifierQuality.of(facts.flags());
      return new Turn(
          name,
          facts.completions(),
          mean((double) facts.tokens(), facts.told()),
          mean(facts.surprise(), facts.scored()),
          facts.completions() == 0 ? 0 : (double) facts.truncated() / facts.completions(),
          facts.values().nodes(),
          facts.values().correct(),
          facts.values().ungradable(),
          facts.values().valueHistogram(),
          judging.wrong() + judging.right() == 0 ? null : judging);
    }
  }

  /** How many rows a role's sets hold. */
  record Sets(long sft, long pairs, long ppo) {
    private Sets plus(Sets other) {
      return new Sets(sft + other.sft, pairs + other.pairs, ppo + other.ppo);
    }
  }

  private static @Nullable Double mean(double sum, long count) {
    return count == 0 ? null : Double.valueOf(sum / count);
  }

  /** Round by round, the sums over seeds. */
  static List<RoundFacts> of(RunLayout layout, Map<TreeIndex.Group, TreeFacts> facts) {
    Map<List<String>, TreeFacts> sums = new LinkedHashMap<>();
    Map<String, Map<String, Sets>> sets = new LinkedHashMap<>();
    facts.forEach(
        (group, own) ->
            sums.merge(List.of(group.round().name(), group.trees().round()), own, TreeFacts::plus));
    facts.keySet().stream()
        .map(group -> layout.seed(group.seed()).round(group.round().name()))
        .distinct()
        .forEach(part -> addSets(part, sets));
    List<RoundFacts> rounds = new ArrayList<>();
    sums.forEach(
        (names, sum) -> {
          List<Turn> turns = new ArrayList<>();
          sum.turns().forEach((name, turn) -> turns.add(Turn.of(name, turn)));
          rounds.add(
              new RoundFacts(
                  names.get(0),
                  names.get(1),
                  sum.trees(),
                  sum.complete(),
                  mean((double) sum.right(), sum.graded()),
                  sum.harmed(),
                  sum.helped(),
                  turns,
                  sets.getOrDefault(names.get(0), Map.of())));
        });
    return rounds;
  }

  private static void addSets(RunLayout.Round part, Map<String, Map<String, Sets>> sets) {
    if (Files.exists(part.statistics())) {
      Map<String, Sets> own = sets.computeIfAbsent(name(part), round -> new LinkedHashMap<>());
      SetStatistics.read(part.statistics())
          .roles()
          .forEach(
              (role, made) ->
                  own.merge(
                      role,
                      new Sets(made.sftExamples(), made.dpoPairs(), made.ppoExamples()),
                      Sets::plus));
    }
  }

  private static String name(RunLayout.Round part) {
    Path last = part.root().getFileName();
    return last == null ? "" : last.toString();
  }
}
