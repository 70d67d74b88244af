package malt.problem;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A task: disjoint training, dev and test problems, and the grader of their answers.
 *
 * @param train of every seed that has none of its own
 * @param trainBySeed of the seeds that train on problems of their own
 */
public record Benchmark(
    String name,
    List<Problem> train,
    Map<Long, List<Problem>> trainBySeed,
    List<Problem> dev,
    List<Problem> test,
    Grader grader) {
  public Benchmark {
    train = List.copyOf(train);
    trainBySeed =
        trainBySeed.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, own -> List.copyOf(own.getValue())));
    dev = List.copyOf(dev);
    test = List.copyOf(test);
  }

  /** One whose seeds all train on the same problems. */
  public Benchmark(
      String name, List<Problem> train, List<Problem> dev, List<Problem> test, Grader grader) {
    this(name, train, Map.of(), dev, test, grader);
  }

  /** What a seed trains on. */
  public List<Problem> train(long seed) {
    return trainBySeed.getOrDefault(seed, train);
  }
}
