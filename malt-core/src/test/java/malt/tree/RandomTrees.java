package malt.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.agent.ToyTeam;
import malt.credit.ValueIteration;
import malt.credit.ValuedTree;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;

/**
 * Search trees over {@link ToyBenchmark} with random answers, some repeated under one prompt; with
 * trouble also some that failed, cannot be graded, state no answer or were cut.
 */
public final class RandomTrees {
  private final Branching branching;
  private final boolean trouble;

  private RandomTrees(Branching branching, boolean trouble) {
    this.branching = branching;
    this.trouble = trouble;
  }

  /** Trees in which every leaf is right or wrong. */
  public static RandomTrees of(Integer... branching) {
    return new RandomTrees(new Branching(List.of(branching)), false);
  }

  public RandomTrees withTrouble() {
    return new RandomTrees(branching, true);
  }

  /** One tree per problem. */
  public List<SearchTree> trees(long seed, int problems) {
    SplittableRandom random = new SplittableRandom(seed);
    return ToyBenchmark.problems(problems).stream()
        .map(problem -> new SearchTree(problem, grow(problem, List.of(), problem.id(), random)))
        .toList();
  }

  /** One valued tree per problem. */
  public List<ValuedTree> valued(long seed, int problems, ValueIteration rule) {
    return trees(seed, problems).stream()
        .map(tree -> rule.value(tree, ToyTeam.chain(4), ToyBenchmark.GRADER))
        .toList();
  }

  private List<TreeNode> grow(
      Problem problem, List<Integer> parent, String prompt, SplittableRandom random) {
    if (parent.size() == branching.turns()) {
      return List.of();
    }
    List<TreeNode> siblings = new ArrayList<>();
    double difficulty = random.nextDouble();
    for (int child = 0; child < branching.at(parent.size()); child++) {
      List<Integer> path = new ArrayList<>(parent);
      path.add(child);
      Completion completion = completion(problem, prompt, difficulty, random);
      boolean failed = completion.finish() == FinishReason.FAILED;
      siblings.add(
          new TreeNode(
              path,
              completion,
              failed ? List.of() : grow(problem, path, prompt + "/" + completion.text(), random)));
    }
    return siblings;
  }

  private Completion completion(
      Problem problem, String prompt, double difficulty, SplittableRandom random) {
    int kind = trouble ? random.nextInt(10) : 9;
    boolean right = random.nextDouble() > difficulty;
    String answer = right ? problem.answer() : "-" + random.nextInt(3);
    String text =
        switch (kind) {
          case 0 -> "";
          case 1 -> "#### ?";
          case 2 -> "no idea " + random.nextInt(2);
          default -> "way " + random.nextInt(2) + " #### " + answer;
        };
    FinishReason finish =
        switch (kind) {
          case 0 -> FinishReason.FAILED;
          case 3 -> FinishReason.LENGTH;
          default -> FinishReason.STOP;
        };
    int[] ids = finish == FinishReason.FAILED ? new int[0] : text.chars().toArray();
    float[] logProbs = new float[ids.length];
    IntStream.range(0, ids.length).forEach(i -> logProbs[i] = (float) -random.nextDouble());
    int[] promptIds = prompt.chars().toArray();
    return new Completion(
        text, promptIds, ids, logProbs, finish, AdapterRef.BASE, random.nextLong());
  }
}
