package malt.torch.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import malt.torch.decoding.Feed;
import malt.torch.decoding.KeyValueNode;
import malt.torch.decoding.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as a tree of what they have in common: a token that several prompts begin with is read
 * once, and its keys and values live as long as a prompt is added that needs them.
 */
final class PromptTree {
  private final KeyValueStore store;
  private final Node root = new Node(null, new int[0]);

  PromptTree(KeyValueStore store) {
    this.store = store;
  }

  /** Tokens that follow those of the parent, in all prompts below. */
  static final class Node {
    private @Nullable Node parent;
    private int[] ids;
    private List<Node> children = new ArrayList<>();
    private int prompts; // that end here
    private @Nullable KeyValueNode keyValues; // null until it is read, and of the root

    private Node(@Nullable Node parent, int[] ids) {
      this.parent = parent;
      this.ids = ids;
    }

    /** Keys and values of the prompt that ends here; null of the empty one. */
    @Nullable KeyValueNode keyValues() {
      return keyValues;
    }
  }

  /** Adds the first {@code length} ids of a prompt, and returns where it ends. */
  Node add(int[] ids, int length) {
    Node node = root;
    int at = 0;
    while (at < length) {
      Node child = child(node, ids[at]);
      if (child == null) {
        child = new Node(node, Arrays.copyOfRange(ids, at, length));
        node.children.add(child);
        at = length;
      } else {
        int common = Arrays.mismatch(child.ids, 0, child.ids.length, ids, at, length);
        if (common >= 0 && common < child.ids.length) {
          child = split(child, common);
        }
        at += child.ids.length;
      }
      node = child;
    }
    node.prompts++;
    return node;
  }

  private static @Nullable Node child(Node node, int id) {
    for (Node child : node.children) {
      if (child.ids[0] == id) {
        return child;
      }
    }
    return null;
  }

  /** Puts the first ids of a node into one of their own, which it returns. */
  private static Node split(Node lower, int count) {
    Node upper = new Node(lower.parent, Arrays.copyOf(lower.ids, count));
    if (lower.parent != null) {
      lower.parent.children.set(lower.parent.children.indexOf(lower), upper);
    }
    upper.children.add(lower);
    lower.parent = upper;
    lower.ids = Arrays.copyOfRange(lower.ids, count, lower.ids.length);
    if (lower.keyValues != null) {
      upper.keyValues = lower.keyValues.split(count);
    }
    return upper;
  }

  /** What has to be read for a prompt, from its beginning on; its nodes then have their memory. */
  List<Feed> unread(Node prompt) {
    Deque<Node> path = new ArrayDeque<>();
    for (Node node = prompt; node != null && node.keyValues == null; node = node.parent) {
      path.addFirst(node);
    }
    List<Feed> feeds = new ArrayList<>();
    for (Node node : path) {
      if (node.parent != null) {
        node.keyValues = store.after(node.parent.keyValues);
        feeds.add(new Feed(node.keyValues, node.ids));
      }
    }
    return feeds;
  }

  /** Takes a prompt away again: what no other prompt needs is forgotten. */
  void remove(Node prompt) {
    prompt.prompts--;
    Node node = prompt;
    while (node.parent != null && node.prompts == 0 && node.children.isEmpty()) {
      if (node.keyValues != null) {
        node.keyValues.release();
      }
      node.parent.children.remove(node);
      node = node.parent;
    }
  }
}
