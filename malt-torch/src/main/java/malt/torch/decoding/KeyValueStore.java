package malt.torch.decoding;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Memory of keys and values, in pages: each holds those of some consecutive positions for all
 * layers and groups of heads, in 32 bits. Belongs to one thread, but for reading and writing within
 * pages.
 */
public final class KeyValueStore implements AutoCloseable {
  private final int pageSize; // numbers
  private final int pageTokens;
  private final List<Page> pages = new ArrayList<>(); // all that were ever made
  private final Deque<Page> free = new ArrayDeque<>();

  /**
   * @param pageSize numbers of a page
   * @param pageTokens positions of a page
   */
  KeyValueStore(int pageSize, int pageTokens) {
    this.pageSize = pageSize;
    this.pageTokens = pageTokens;
  }

  /** A piece of memory that several nodes may use. */
  static final class Page {
    private final Tensor owner;
    private final FloatBuffer numbers;
    private int users;

    private Page(Tensor owner) {
      this.owner = owner;
      numbers = Tensors.memory(owner);
    }

    FloatBuffer numbers() {
      return numbers;
    }
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

  Page take() {
    Page page = free.isEmpty() ? make() : free.pop();
    page.users = 1;
    return page;
  }

  private Page make() {
    Page page = new Page(Tensors.kept(() -> Tensors.uninitialised(pageSize)));
    pages.add(page);
    return page;
  }

  void share(Page page) {
    page.users++;
  }

  void give(Page page) {
    if (--page.users == 0) {
      free.push(page);
    }
  }

  /** Bytes of the pages in use. */
  public long bytes() {
    return (long) (pages.size() - free.size()) * pageSize * Float.BYTES;
  }

  @Override
  public void close() {
    pages.forEach(page -> page.owner.close());
    pages.clear();
    free.clear();
  }
}
