package malt.tree;

import java.io.Serializable;
import java.util.List;
import malt.problem.Grader;

/**
 * Trees that grow where their labels are uncertain. Each begins with few completions; then, as long
 * as the answers that came of a question, or of a node, do not agree, more are sampled below it, at
 * most as many as the branching says.
 *
 * <p>A node is decided when so many answers as {@code agree} or more came of it and all are right
 * or all are wrong; of one before the last turn also when no further answer could turn its label.
 * What is decided grows no more. All follows from what was said, so a tree that is sampled in parts
 * becomes the same tree.
 *
 * @param first completions of each prompt in the beginning, by turn
 * @param agree answers that decide where all of them agree, 1 or more
 * @param threshold a node is right iff more than this share of its answers are
 * @param grader of the answers
 */
public record AdaptiveGrowth(List<Integer> first, int agree, double threshold, Grader grader)
    implements Serializable {
  public AdaptiveGrowth {
    first = List.copyOf(first);
  }

  /** Completions of a prompt in the beginning, never more than in the end. */
  int first(int turn, Branching most) {
    return Math.min(first.get(turn), most.at(turn));
  }

  /** Whether these answers, all that came of a node, decide its label. */
  boolean decided(List<Boolean> answers) {
    return answers.size() >= agree && answers.stream().distinct().count() <= 1;
  }

  /**
   * Whether the label of a node before the last turn is the same whatever else is said.
   *
   * @param most answers that it may have in the end
   */
  boolean settled(List<Boolean> answers, int most) {
    long right = answers.stream().filter(answer -> answer).count();
    int open = most - answers.size();
    return right > threshold * most || right + open <= threshold * most;
  }
}
