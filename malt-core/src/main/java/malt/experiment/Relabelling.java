package malt.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.AtomicFiles;
import malt.agent.AgentRole;
import malt.data.RoleDataset;
import malt.model.Prompt;
import malt.tree.NodeValue;
import org.jspecify.annotations.Nullable;

/**
 * What another grader or rule of credit makes of the same trees.
 *
 * @param nodes of each role, changed or not
 */
public record Relabelling(Map<AgentRole, Integer> nodes, List<Change> changes) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** What changed. */
  public enum Kind {
    /** A node's value, and with it perhaps its label. */
    NODE,
    /** A place in the SFT set. */
    EXAMPLE,
    /** A place in the set of preference pairs. */
    PAIR
  }

  /**
   * One change.
   *
   * @param path of a node; null for examples and pairs
   * @param before null where there was none: it is added
   * @param after null where there is none: it is removed
   */
  public record Change(
      Kind kind,
      long seed,
      AgentRole role,
      String problemId,
      @Nullable List<Integer> path,
      @Nullable Content before,
      @Nullable Content after) {}

  /** What is compared. */
  public sealed interface Content permits Label, Example, Sides {}

  /** The value of a node, with its label; how it was graded, for a leaf. */
  public record Label(
      @Nullable Double value,
      @Nullable Boolean correct,
      @Nullable String grade,
      @Nullable String extracted)
      implements Content {
    static Label of(NodeValue node) {
      var grading = node.grading();
      return new Label(
          node.value(),
          node.label(),
          grading == null ? null : grading.grade().name(),
          grading == null ? null : grading.extracted());
    }
  }

  /** What an SFT example says. */
  public record Example(String completion) implements Content {}

  /** The two sides of a pair. */
  public record Sides(String chosen, String rejected) implements Content {}

  public Relabelling {
    nodes = new LinkedHashMap<>(nodes);
    changes = List.copyOf(changes);
  }

  /**
   * Compares the values of one seed's trees, node by node.
   *
   * @param before of the same nodes as {@code after}, in the same order
   */
  static Relabelling ofNodes(
      long seed, List<AgentRole> roles, List<NodeValue> before, List<NodeValue> after) {
    Map<AgentRole, Integer> nodes = new LinkedHashMap<>();
    roles.forEach(role -> nodes.put(role, 0));
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      NodeValue node = before.get(i);
      AgentRole role = roles.get(node.path().size() - 1);
      nodes.merge(role, 1, Integer::sum);
      Label was = Label.of(node);
      Label is = Label.of(after.get(i));
      if (!Objects.equals(was.value, is.value) || !Objects.equals(was.correct, is.correct)) {
        changes.add(new Change(Kind.NODE, seed, role, node.problemId(), node.path(), was, is));
      }
    }
    return new Relabelling(nodes, changes);
  }

  /** Compares a role's training sets, in which one thing may stand several times. */
  static Relabelling ofSets(long seed, AgentRole role, RoleDataset before, RoleDataset after) {
    List<Change> changes = new ArrayList<>();
    changes.addAll(difference(Kind.EXAMPLE, seed, role, examples(before), examples(after)));
    changes.addAll(difference(Kind.PAIR, seed, role, pairs(before), pairs(after)));
    return new Relabelling(Map.of(), changes);
  }

  /** Something in a set, told apart by its problem, its prompt and what it says. */
  private record Item(String problemId, Prompt prompt, Content said) {}

  private static List<Item> examples(RoleDataset set) {
    return set.examples().stream()
        .map(
            example ->
                new Item(
                    example.problemId(),
                    example.prompt(),
                    new Example(example.completion().text())))
        .toList();
  }

  private static List<Item> pairs(RoleDataset set) {
    return set.pairs().stream()
        .map(
            pair ->
                new Item(
                    pair.problemId(),
                    pair.prompt(),
                    new Sides(pair.chosen().text(), pair.rejected().text())))
        .toList();
  }

  private static List<Change> difference(
      Kind kind, long seed, AgentRole role, List<Item> before, List<Item> after) {
    Map<Item, Integer> surplus = new LinkedHashMap<>();
    before.forEach(item -> surplus.merge(item, -1, Integer::sum));
    after.forEach(item -> surplus.merge(item, 1, Integer::sum));
    List<Change> changes = new ArrayList<>();
    surplus.forEach(
        (item, count) -> {
          for (int i = 0; i < Math.abs(count); i++) {
            changes.add(
                new Change(
                    kind,
                    seed,
                    role,
                    item.problemId,
                    null,
                    count < 0 ? item.said : null,
                    count > 0 ? item.said : null));
          }
        });
    return changes;
  }

  /** Both, one after the other. */
  Relabelling plus(Relabelling other) {
    Map<AgentRole, Integer> sum = new LinkedHashMap<>(nodes);
    other.nodes.forEach((role, count) -> sum.merge(role, count, Integer::sum));
    List<Change> all = new ArrayList<>(changes);
    all.addAll(other.changes);
    return new Relabelling(sum, all);
  }

  static Relabelling none() {
    return new Relabelling(Map.of(), List.of());
  }

  /** One JSON object for each change. */
  public void write(Path file) {
    AtomicFiles.write(
        file,
        out -> {
          for (Change change : changes) {
            out.write(JSON.writeValueAsString(change));
            out.write('\n');
          }
        });
  }
}
