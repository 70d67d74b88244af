package malt.torch.decoding;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Who uses which page of a memory of keys and values: each page holds those of some consecutive
 * positions for all layers and groups of heads. Belongs to one thread.
 */
public final class KeyValueStore implements AutoCloseable {
  private final int pageTokens;
  private final Memory memory;
  private int[] users = new int[16]; // of each page that was ever made
  private int made;
  private final Deque<Integer> free = new ArrayDeque<>();

  /** Where the numbers of pages are kept, which are counted from 0. */
  interface Memory {
    /** Makes room for one more page. */
    void add();

    /** Bytes of a page. */
    long pageBytes();

    /** Frees all pages. */
    void close();
  }

  /**
   * @param pageTokens positions of a page
   * @param memory without pages yet; closed with this
   */
  KeyValueStore(int pageTokens, Memory memory) {
    this.pageTokens = pageTokens;
    this.memory = memory;
  }

  /** The beginning of a new sequence, without tokens. */
  public KeyValueNode begin() {
    return new KeyValueNode(this, null);
  }

  /** What follows a node, or begins a sequence; without tokens. */
  public KeyValueNode after(@Nullable KeyValueNode parent) {
    return parent == null ? begin() : parent.child();
  }

  int pageTokens() {
    return pageTokens;
  }

  /** A page for the one who asks. */
  int take() {
    int page = free.isEmpty() ? make() : free.pop();
    users[page] = 1;
    return page;
  }

  private int make() {
    memory.add();
    if (made == users.length) {
      users = Arrays.copyOf(users, 2 * made);
    }
    return made++;
  }

  void share(int page) {
    users[page]++;
  }

  void give(int page) {
    if (--users[page] == 0) {
      free.push(page);
    }
  }

  /** Bytes of the pages in use. */
  public long bytes() {
    return (made - free.size()) * memory.pageBytes();
  }

  @Override
  public void close() {
    memory.close();
    free.clear();
    made = 0;
  }
}
