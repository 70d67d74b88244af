package malt.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.credit.ValueIteration;
import malt.credit.ValuedNode;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Rational;

/**
 * The distinct completions of one prompt by their label.
 *
 * @param spoken what was said before, turn by turn
 */
record Siblings(List<Completion> spoken, List<Candidate> correct, List<Candidate> incorrect) {

  /** Merges identical completions and labels each by its mean value; failed ones are left out. */
  static Siblings of(
      List<Completion> spoken, List<ValuedNode> nodes, ValueIteration rule, Truncated truncated) {
    Map<Object, List<ValuedNode>> identical = new LinkedHashMap<>();
    for (ValuedNode node : nodes) {
      boolean cut = node.node().completion().finish() == FinishReason.LENGTH;
      if (node.exact() != null && !(cut && truncated == Truncated.DROP)) {
        identical
            .computeIfAbsent(identity(node.node().completion()), key -> new ArrayList<>())
            .add(node);
      }
    }
    List<Candidate> correct = new ArrayList<>();
    List<Candidate> incorrect = new ArrayList<>();
    for (List<ValuedNode> group : identical.values()) {
      Rational mean = mean(group);
      ValuedNode first = group.get(0);
      Candidate candidate =
          new Candidate(
              first.node().path(), first.node().completion(), mean.doubleValue(), group.size());
      (rule.correct(mean) ? correct : incorrect).add(candidate);
    }
    return new Siblings(spoken, correct, incorrect);
  }

  /** Token ids, or the text where the model returned none. */
  static Object identity(Completion completion) {
    int[] ids = completion.ids();
    return ids.length == 0 ? completion.text() : Arrays.stream(ids).boxed().toList();
  }

  private static Rational mean(List<ValuedNode> group) {
    List<Rational> values = new ArrayList<>();
    for (ValuedNode node : group) {
      if (node.exact() != null) {
        values.add(node.exact());
      }
    }
    return Rational.mean(values);
  }
}
