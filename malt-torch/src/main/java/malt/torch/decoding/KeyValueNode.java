package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of some tokens, which follow those of the parent: the path from the root is what
 * a token of this node has before it. Nodes that continue the same text share it by their parent.
 * Lives while it has users: whoever made it, and each child.
 */
public final class KeyValueNode {
  private final KeyValueStore store;
  private @Nullable KeyValueNode parent;
  private int begin; // position of the first token, once there is one
  private int first; // its place in the first page
  private int length;
  private List<Integer> pages = new ArrayList<>();
  private int users = 1;

  KeyValueNode(KeyValueStore store, @Nullable KeyValueNode parent) {
    this.store = store;
    this.parent = parent;
  }

  /**
   * A node without tokens that follows this one, which must not grow any more once the child does.
   */
  public KeyValueNode child() {
    users++;
    return new KeyValueNode(store, this);
  }

  @Nullable KeyValueNode parent() {
    return parent;
  }

  /** The position of its first token. */
  int begin() {
    return length > 0 ? begin : parent == null ? 0 : parent.end();
  }

  /** One more than the position of its last token. */
  public int end() {
    return begin() + length;
  }

  /** Makes room for more tokens, which the next forward fills. */
  void extend(int tokens) {
    begin = begin();
    length += tokens;
    int size = store.pageTokens();
    while (pages.size() * size < first + length) {
      pages.add(store.take());
    }
  }

  /** The number of the page that holds a position, at or after {@link #begin}. */
  int page(int position) {
    return pages.get(place(position) / store.pageTokens());
  }

  /** The place within its page. */
  int column(int position) {
    return place(position) % store.pageTokens();
  }

  private int place(int position) {
    return first + position - begin;
  }

  int pageCount() {
    return pages.size();
  }

  int pageAt(int index) {
    return pages.get(index);
  }

  /** The position of the first place of a page, which may be before {@link #begin}. */
  int origin(int page) {
    return begin - first + page * store.pageTokens();
  }

  /** The first place of a page that is this node's. */
  int from(int page) {
    return page == 0 ? first : 0;
  }

  /** One more than the last place of a page that is this node's. */
  int to(int page) {
    return Math.min(store.pageTokens(), first + length - page * store.pageTokens());
  }

  /**
   * Puts the first {@code count} tokens into a node of their own, the new parent of this one, which
   * belongs to the caller.
   */
  public KeyValueNode split(int count) {
    if (count < 1 || count >= length) {
      throw new IllegalArgumentException(
          "%d of %d tokens do not split a node".formatted(count, length));
    }
    int size = store.pageTokens();
    KeyValueNode upper = new KeyValueNode(store, parent);
    upper.begin = begin;
    upper.first = first;
    upper.length = count;
    int kept = (first + count + size - 1) / size;
    upper.pages = new ArrayList<>(pages.subList(0, kept));
    int dropped = (first + count) / size; // whole pages that are the upper node's alone
    upper.pages.subList(dropped, kept).forEach(store::share);
    upper.users = 2; // the caller and this
    parent = upper;
    pages = new ArrayList<>(pages.subList(dropped, pages.size()));
    begin += count;
    first = (first + count) % size;
    length -= count;
    return upper;
  }

  /** Called once by whoever made the node; its memory is free when the last child has left too. */
  public void release() {
    if (--users == 0) {
      pages.forEach(store::give);
      pages.clear();
      if (parent != null) {
        parent.release();
      }
    }
  }
}
