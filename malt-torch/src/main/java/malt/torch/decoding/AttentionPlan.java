package malt.torch.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tokens of a forward look at which nodes, worked out once for all layers. Tokens that share
 * ancestors stand side by side, so that what they share is read once for all of them.
 */
final class AttentionPlan {
  /** A node that the tokens {@code first} to {@code last - 1} of a share look at. */
  record Visit(KeyValueNode node, int first, int last) {}

  /** Tokens that one thread works on together, by their numbers in the forward. */
  record Share(int[] tokens, List<Visit> visits) {}

  private final int[] positions; // of each token
  private final KeyValueNode[] nodes; // of each token
  private final List<Share> shares = new ArrayList<>();

  private AttentionPlan(int tokens) {
    positions = new int[tokens];
    nodes = new KeyValueNode[tokens];
  }

  /**
   * Extends the nodes and plans.
   *
   * @param most tokens of a share
   * @param pieces what each share is worked on in
   * @param threads that take pieces: all should get as many
   */
  static AttentionPlan of(List<Feed> feeds, int most, int pieces, int threads) {
    AttentionPlan plan = new AttentionPlan(feeds.stream().mapToInt(f -> f.tokens().length).sum());
    List<int[]> ranges = new ArrayList<>(); // of each feed, its first token and how many
    int token = 0;
    for (Feed feed : feeds) {
      int count = feed.tokens().length;
      ranges.add(new int[] {token, count});
      int position = feed.node().end();
      feed.node().extend(count);
      for (int i = 0; i < count; i++) {
        plan.positions[token] = position + i;
        plan.nodes[token++] = feed.node();
      }
    }
    int[] order = plan.order(feeds, ranges);
    int shares = (order.length + most - 1) / most;
    while (shares < order.length && shares * pieces % threads != 0) {
      shares++;
    }
    for (int share = 0; share < shares; share++) {
      Shard part = new Shard(share, shares);
      int from = (int) part.from(order.length);
      int count = (int) part.length(order.length);
      int[] tokens = java.util.Arrays.copyOfRange(order, from, from + count);
      plan.shares.add(new Share(tokens, plan.visits(tokens)));
    }
    return plan;
  }

  int size() {
    return positions.length;
  }

  int position(int token) {
    return positions[token];
  }

  KeyValueNode node(int token) {
    return nodes[token];
  }

  List<Share> shares() {
    return shares;
  }

  /** All tokens, those of a subtree together; subtrees in the order in which they first appear. */
  private int[] order(List<Feed> feeds, List<int[]> ranges) {
    Map<KeyValueNode, Integer> ranks = new HashMap<>();
    List<int[]> paths = new ArrayList<>(); // ranks from the root, then the feed's own number
    for (int i = 0; i < feeds.size(); i++) {
      Deque<KeyValueNode> path = path(feeds.get(i).node());
      int[] key = new int[path.size() + 1];
      int depth = 0;
      for (KeyValueNode node : path) {
        key[depth++] = ranks.computeIfAbsent(node, unseen -> ranks.size());
      }
      key[depth] = i;
      paths.add(key);
    }
    paths.sort(Comparator.comparing(key -> key, java.util.Arrays::compare));
    int[] order = new int[positions.length];
    int at = 0;
    for (int[] key : paths) {
      int[] range = ranges.get(key[key.length - 1]);
      for (int i = 0; i < range[1]; i++) {
        order[at++] = range[0] + i;
      }
    }
    return order;
  }

  private static Deque<KeyValueNode> path(KeyValueNode leaf) {
    Deque<KeyValueNode> path = new ArrayDeque<>();
    for (KeyValueNode node = leaf; node != null; node = node.parent()) {
      path.addFirst(node);
    }
    return path;
  }

  /** The nodes that some tokens look at, from the roots down. */
  private List<Visit> visits(int[] tokens) {
    List<List<KeyValueNode>> paths = new ArrayList<>();
    for (int token : tokens) {
      paths.add(List.copyOf(path(nodes[token])));
    }
    List<Visit> visits = new ArrayList<>();
    int deepest = paths.stream().mapToInt(List::size).max().orElse(0);
    for (int depth = 0; depth < deepest; depth++) {
      for (int first = 0; first < tokens.length; ) {
        int last = first + 1;
        if (depth < paths.get(first).size()) {
          KeyValueNode node = paths.get(first).get(depth);
          while (last < tokens.length
              && depth < paths.get(last).size()
              && paths.get(last).get(depth) == node) {
            last++;
          }
          visits.add(new Visit(node, first, last));
        }
        first = last;
      }
    }
    return visits;
  }
}
