package malt.torch.training;

import java.util.LinkedHashMap;
import java.util.Map;
import malt.torch.tensor.ProcessGroup;

/** Sums of what the micro-batches of one optimiser step measured, in the order first seen. */
final class Metrics {
  private static final int MOST = 32; // of any objective

  private final Map<String, Double> sums = new LinkedHashMap<>();

  void add(String name, double value) {
    sums.merge(name, value, Double::sum);
  }

  void addAll(Metrics others) {
    others.sums.forEach(this::add);
  }

  /** Adds what other processes measured; one that had nothing to do has no names. */
  void sum(ProcessGroup group) {
    double[] values = new double[MOST];
    int count = 0;
    for (double value : sums.values()) {
      values[count++] = value;
    }
    group.sum(values);
    count = 0;
    for (Map.Entry<String, Double> each : sums.entrySet()) {
      each.setValue(values[count++]);
    }
  }

  double get(String name) {
    return sums.getOrDefault(name, 0.0);
  }

  Map<String, Double> values() {
    return new LinkedHashMap<>(sums);
  }
}
