package malt.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import malt.report.markup.Markup;
import malt.tree.TreeNode;

/** The browsable trees of the page: nested elements that open and close. */
final class TreePage {
  private static final int PREVIEW = 90;

  private final Markup page;
  private final TreeSample tree;
  private final Map<List<Integer>, TreeSample.Node> nodes = new TreeMap<>(TreeNode.PATH_ORDER);

  private TreePage(Markup page, TreeSample tree) {
    this.page = page;
    this.tree = tree;
    tree.nodes().forEach(node -> nodes.put(node.path(), node));
  }

  static void write(Markup page, List<TreeSample> trees) {
    for (int i = 0; i < trees.size(); i++) {
      new TreePage(page, trees.get(i)).write(i + 1);
    }
  }

  private void write(int number) {
    page.open("details", "class", "tree").open("summary");
    page.element("span", "Tree " + number, "class", "badge");
    page.element("span", tree.origin(), "class", "quiet");
    page.element("span", preview(tree.question()), "class", "preview");
    page.close("summary");
    page.element("pre", tree.question(), "class", "question");
    page.open("p").text("Right answer: ").element("strong", tree.reference()).close("p");
    for (TreeSample.Node node : nodes.values()) {
      if (parent(node).isEmpty()) {
        node(node);
      }
    }
    if (!tree.pairs().isEmpty()) {
      page.element("h4", "Preference pairs made of this tree: " + tree.pairs().size());
      tree.pairs().forEach(this::pair);
    }
    page.close("details");
  }

  private void node(TreeSample.Node node) {
    page.open("details", "class", "node " + mark(node)).open("summary");
    summary(node);
    page.close("summary");
    page.element("pre", node.text());
    for (TreeSample.Node other : nodes.values()) {
      if (parent(other).filter(node::equals).isPresent()) {
        node(other);
      }
    }
    page.close("details");
  }

  private void summary(TreeSample.Node node) {
    page.element("span", node.role() + " " + shown(node.path()), "class", "badge");
    page.element("span", value(node.value()), "class", "score");
    page.element("span", node.label(), "class", "label");
    page.element("span", preview(node.text()), "class", "preview");
  }

  private void pair(TreeSample.Pair pair) {
    page.open("details", "class", "pair").open("summary");
    page.element("span", pair.role(), "class", "badge");
    page.text("chosen " + shown(pair.chosen()) + value(pair.chosen()));
    page.text(", rejected " + shown(pair.rejected()) + value(pair.rejected()));
    page.close("summary").open("div", "class", "sides");
    side("chosen", pair.chosen());
    side("rejected", pair.rejected());
    page.close("div").close("details");
  }

  private void side(String title, List<Integer> path) {
    TreeSample.Node node = nodes.get(path);
    page.open("div", "class", title).element("h5", title + " " + shown(path));
    page.element("pre", node == null ? "(not in this sample)" : node.text()).close("div");
  }

  /** The node directly above, if it is in the sample. */
  private Optional<TreeSample.Node> parent(TreeSample.Node node) {
    int depth = node.path().size();
    return depth < 2
        ? Optional.empty()
        : Optional.ofNullable(nodes.get(node.path().subList(0, depth - 1)));
  }

  private String value(List<Integer> path) {
    TreeSample.Node node = nodes.get(path);
    return node == null ? "" : " (" + value(node.value()) + ")";
  }

  private static String value(OptionalDouble value) {
    return value.isEmpty() ? "ungraded" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
  }

  private static String mark(TreeSample.Node node) {
    return switch (node.label()) {
      case "correct" -> "correct";
      case "incorrect" -> "incorrect";
      default -> "unlabelled";
    };
  }

  private static String shown(List<Integer> path) {
    return path.stream().map(String::valueOf).collect(Collectors.joining("."));
  }

  private static String preview(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    int length = Math.min(PREVIEW, line.length());
    return length == line.length() ? line : line.substring(0, length) + "…";
  }
}
