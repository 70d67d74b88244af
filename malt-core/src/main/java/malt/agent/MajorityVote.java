package malt.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.model.Completion;
import malt.problem.Grader;

/**
 * The answer that most completions give; an answer votes for the first one that the grader calls
 * equal to it. Completions that state no answer do not count. Among answers with equally many votes
 * the one whose completions have the higher summed log-probability wins, which favours short ones;
 * if that is equal too, or a model returned no log-probabilities, the one first given. The paper
 * names no rule for ties; this is ours.
 */
public final class MajorityVote {
  private MajorityVote() {}

  /**
   * What was voted for.
   *
   * @param answer as it was first given
   * @param completions that give it or an equal one
   */
  public record Votes(String answer, List<Completion> completions) {
    public Votes {
      completions = List.copyOf(completions);
    }

    private Votes with(Completion completion) {
      List<Completion> more = new ArrayList<>(completions);
      more.add(completion);
      return new Votes(answer, more);
    }
  }

  /** The votes for each answer, in the order in which the answers were first given. */
  public static List<Votes> count(Grader grader, String question, List<Completion> completions) {
    List<Votes> votes = new ArrayList<>();
    for (Completion completion : completions) {
      grader
          .extract(question, completion.response())
          .ifPresent(answer -> add(votes, grader, answer, completion));
    }
    return votes;
  }

  private static void add(List<Votes> votes, Grader grader, String answer, Completion completion) {
    for (int i = 0; i < votes.size(); i++) {
      String other = votes.get(i).answer();
      if (other.equals(answer) || grader.equal(other, answer)) {
        votes.set(i, votes.get(i).with(completion));
        return;
      }
    }
    votes.add(new Votes(answer, List.of(completion)));
  }

  /** The first completion that gives the winning answer; empty where none states an answer. */
  public static Optional<Completion> winner(
      Grader grader, String question, List<Completion> completions) {
    List<List<Completion>> votes =
        count(grader, question, completions).stream().map(Votes::completions).toList();
    int most = votes.stream().mapToInt(List::size).max().orElse(0);
    return likeliest(votes.stream().filter(group -> group.size() == most).toList())
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
