package malt.app.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.ValueIteration;
import malt.credit.ValuedNode;
import malt.credit.ValuedTree;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.Completion;
import malt.model.Message;
import malt.model.Prompt;
import org.jspecify.annotations.Nullable;

/** Rows under TRL's keys, as chat messages or as text. */
final class ExportRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable Function<List<Message>, String> layout;
  private final ValueIteration rule;

  /**
   * @param layout makes one text of a prompt's messages; null leaves them messages
   * @param rule by which values are labels
   */
  ExportRows(@Nullable Function<List<Message>, String> layout, ValueIteration rule) {
    this.layout = layout;
    this.rule = rule;
  }

  ObjectNode of(SftExample example) {
    ObjectNode row = JSON.createObjectNode();
    prompt(row, example.prompt());
    said(row, "completion", example.completion().text());
    value(row, "", example.value());
    finish(row, "", example.completion());
    origin(row, example.role(), example.problemId());
    ids(row, "prompt", example.completion().promptIds());
    ids(row, "completion", example.completion().ids());
    return row;
  }

  ObjectNode of(PreferencePair pair) {
    ObjectNode row = JSON.createObjectNode();
    prompt(row, pair.prompt());
    said(row, "chosen", pair.chosen().text());
    said(row, "rejected", pair.rejected().text());
    value(row, "chosen_", pair.chosenValue());
    value(row, "rejected_", pair.rejectedValue());
    finish(row, "chosen_", pair.chosen());
    finish(row, "rejected_", pair.rejected());
    origin(row, pair.role(), pair.problemId());
    ids(row, "prompt", pair.chosen().promptIds());
    ids(row, "chosen", pair.chosen().ids());
    ids(row, "rejected", pair.rejected().ids());
    return row;
  }

  /** A row for each path of the tree that ends right; what was said twice stands once. */
  List<ObjectNode> of(ValuedTree tree, AgentTeam team) {
    List<ObjectNode> rows = new ArrayList<>();
    Set<String> said = new HashSet<>();
    for (ValuedNode root : tree.roots()) {
      collect(tree, team, List.of(), root, said, rows);
    }
    return rows;
  }

  private void collect(
      ValuedTree tree,
      AgentTeam team,
      List<ValuedNode> before,
      ValuedNode node,
      Set<String> said,
      List<ObjectNode> rows) {
    List<ValuedNode> path = new ArrayList<>(before);
    path.add(node);
    node.children().forEach(child -> collect(tree, team, path, child, said, rows));
    boolean right = node.grading() != null && node.grading().correct();
    if (node.children().isEmpty() && right) {
      String whole =
          String.join("\n\n", path.stream().map(turn -> turn.node().completion().text()).toList());
      if (said.add(whole)) {
        rows.add(trajectory(tree, team, path, whole));
      }
    }
  }

  private ObjectNode trajectory(
      ValuedTree tree, AgentTeam team, List<ValuedNode> path, String whole) {
    ObjectNode row = JSON.createObjectNode();
    Message question = Message.of(Message.Role.USER, tree.problem().question());
    prompt(row, new Prompt(List.of(question)));
    said(row, "completion", whole);
    ValuedNode leaf = path.get(path.size() - 1);
    value(row, "", leaf.value() == null ? 0 : leaf.value());
    finish(row, "", leaf.node().completion());
    ArrayNode turns = row.putArray("turns");
    for (int turn = 0; turn < path.size(); turn++) {
      Completion said = path.get(turn).node().completion();
      ObjectNode shown = turns.addObject();
      shown.put("role", team.agents().get(turn).role().name()).put("content", said.text());
      shown.put("value", path.get(turn).value());
      finish(shown, "", said);
    }
    ArrayNode indices = row.putArray("path");
    leaf.node().path().forEach(indices::add);
    row.put("problem_id", tree.problem().id());
    return row;
  }

  private void prompt(ObjectNode row, Prompt prompt) {
    if (layout != null) {
      row.put("prompt", layout.apply(prompt.messages()));
      return;
    }
    ArrayNode messages = row.putArray("prompt");
    prompt.messages().forEach(message -> message(messages, message.role(), message.text()));
  }

  private void said(ObjectNode row, String key, String text) {
    if (layout != null) {
      row.put(key, text);
    } else {
      message(row.putArray(key), Message.Role.ASSISTANT, text);
    }
  }

  private static void message(ArrayNode messages, Message.Role role, String content) {
    messages.addObject().put("role", role.name().toLowerCase(Locale.ROOT)).put("content", content);
  }

  private void value(ObjectNode row, String prefix, double value) {
    row.put(prefix + "value", value);
    row.put(prefix + "label", value > rule.threshold());
  }

  /** "stop", or "length" for what was cut at the limit and has no end. */
  private static void finish(ObjectNode row, String prefix, Completion completion) {
    row.put(prefix + "finish_reason", completion.finish().name().toLowerCase(Locale.ROOT));
  }

  private static void origin(ObjectNode row, AgentRole role, String problemId) {
    row.put("role", role.name());
    row.put("problem_id", problemId);
  }

  private static void ids(ObjectNode row, String key, int[] values) {
    ArrayNode ids = row.putArray(key + "_ids");
    for (int id : values) {
      ids.add(id);
    }
  }
}
