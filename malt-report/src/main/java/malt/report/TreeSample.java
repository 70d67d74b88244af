package malt.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A search tree to browse in the report.
 *
 * @param origin where it was sampled: "seed 1, joint"
 * @param reference the right answer
 */
public record TreeSample(
    String origin, String question, String reference, List<Node> nodes, List<Pair> pairs) {
  /**
   * One completion.
   *
   * @param path child indices from the root; [1, 0, 2] is the third refinement of the first
   *     critique of the second answer
   * @param value mean reward below it; empty where nothing below it could be graded
   * @param label "correct", "incorrect", or anything else to show
   */
  public record Node(
      String role, List<Integer> path, String text, OptionalDouble value, String label) {
    public Node {
      path = List.copyOf(path);
    }
  }

  /** A preference pair made of two of the nodes. */
  public record Pair(String role, List<Integer> chosen, List<Integer> rejected) {
    public Pair {
      chosen = List.copyOf(chosen);
      rejected = List.copyOf(rejected);
    }
  }

  public TreeSample {
    nodes = List.copyOf(nodes);
    pairs = List.copyOf(pairs);
  }
}
