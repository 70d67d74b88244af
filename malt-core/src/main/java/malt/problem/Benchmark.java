package malt.problem;

import java.util.List;

/** A task: disjoint training, dev and test problems, and the grader of their answers. */
public record Benchmark(
    String name, List<Problem> train, List<Problem> dev, List<Problem> test, Grader grader) {
  public Benchmark {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    test = List.copyOf(test);
  }
}
