package malt.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import malt.MalformedDataException;
import malt.model.FinishReason;
import malt.problem.Problem;
import malt.tree.SearchTree;

/**
 * The passes of one team over the test problems, in one seed.
 *
 * @param team name under which methods and reports know it
 * @param roles role name of each turn
 * @param trees one per problem, with branching [k, 1, ..., 1]
 */
public record TeamPasses(long seed, String team, List<String> roles, List<SearchTree> trees) {
  public TeamPasses {
    roles = List.copyOf(roles);
    trees = List.copyOf(trees);
    Set<String> ids = new HashSet<>();
    for (SearchTree tree : trees) {
      if (!ids.add(tree.problem().id())) {
        throw malformed(seed, team, tree.problem(), "it was sampled twice");
      }
      for (Pass pass : Pass.of(tree)) {
        check(seed, team, roles.size(), tree.problem(), pass);
      }
    }
  }

  private static void check(long seed, String team, int turns, Problem problem, Pass pass) {
    int size = pass.completions().size();
    boolean failed = pass.completions().get(size - 1).finish() == FinishReason.FAILED;
    if (size > turns || (size < turns && !failed)) {
      throw malformed(
          seed, team, problem, "a pass has %d of %d turns; finish sampling".formatted(size, turns));
    }
  }

  private static MalformedDataException malformed(
      long seed, String team, Problem problem, String what) {
    return new MalformedDataException(
        "seed %d, team %s, problem %s: %s".formatted(seed, team, problem.id(), what));
  }
}
