package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/** Made-up trees, for tests and to look at the report. */
final class SyntheticTrees {
  private static final List<String> ROLES = List.of("generator", "verifier", "refiner");

  private SyntheticTrees() {}

  /** Trees with branching [n, n, n], some of whose texts are hostile. */
  static List<TreeSample> of(int count, int n) {
    List<TreeSample> trees = new ArrayList<>();
    for (int tree = 0; tree < count; tree++) {
      List<TreeSample.Node> nodes = new ArrayList<>();
      expand(nodes, List.of(), n, new Random(tree));
      List<TreeSample.Pair> pairs =
          List.of(
              new TreeSample.Pair("verifier", List.of(0, 0), List.of(0, 1)),
              new TreeSample.Pair("refiner", List.of(0, 0, 1), List.of(0, 0, 0)));
      String question =
          "Mia has %d crates with 12 apples each. She sells a third and eats 2. How many are left?";
      trees.add(
          new TreeSample(
              "seed 1, joint", question.formatted(tree + 3), "" + (8 * tree + 22), nodes, pairs));
    }
    return trees;
  }

  private static void expand(
      List<TreeSample.Node> nodes, List<Integer> path, int n, Random random) {
    if (path.size() == ROLES.size()) {
      return;
    }
    for (int i = 0; i < n; i++) {
      List<Integer> child = new ArrayList<>(path);
      child.add(i);
      double value = path.size() == 2 ? random.nextInt(2) : random.nextInt(10) / 9.0;
      String text =
          path.size() == 1
              ? "The second step is <wrong>: 36 / 3 = 12, not 13.\u0007"
              : "3 * 12 = 36\n36 / 3 = 12\n36 - 12 - 2 = 22\n#### 22</pre><script>alert(1)</script>";
      nodes.add(
          new TreeSample.Node(
              ROLES.get(path.size()),
              child,
              text,
              OptionalDouble.of(value),
              value > 0.5 ? "correct" : "incorrect"));
      expand(nodes, child, n, random);
    }
  }
}
