package malt.data;

import java.util.List;

/**
 * How much better than their siblings completions are: V(y) less the mean over all that were drawn
 * for the prompt, identical ones counted as often as they were. The mean takes the place of a
 * learned critic (GRPO: Shao et al. 2024, section 4.1), and the values come of the tree below.
 *
 * @param mean of the values
 * @param deviation of the values from it, of a sample; 0 only where all are equal
 */
record Advantages(double mean, double deviation, boolean normalised) {
  static Advantages of(List<Candidate> siblings, boolean normalised) {
    if (siblings.stream().mapToDouble(Candidate::value).distinct().count() < 2) {
      return new Advantages(0, 0, normalised);
    }
    int count = siblings.stream().mapToInt(Candidate::times).sum();
    double mean = siblings.stream().mapToDouble(each -> each.times() * each.value()).sum() / count;
    double squares =
        siblings.stream()
            .mapToDouble(each -> each.times() * Math.pow(each.value() - mean, 2))
            .sum();
    return new Advantages(mean, Math.sqrt(squares / (count - 1)), normalised);
  }

  double of(double value) {
    return (value - mean) / (normalised ? deviation : 1);
  }
}
