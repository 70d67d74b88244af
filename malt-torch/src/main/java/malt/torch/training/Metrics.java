package malt.torch.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sums of what the micro-batches of one optimiser step measured, in the order first seen. */
final class Metrics {
  private final Map<String, Double> sums = new LinkedHashMap<>();

  void add(String name, double value) {
    sums.merge(name, value, Double::sum);
  }

  void addAll(Metrics others) {
    others.sums.forEach(this::add);
  }

  double get(String name) {
    return sums.getOrDefault(name, 0.0);
  }

  Map<String, Double> values() {
    return new LinkedHashMap<>(sums);
  }
}
