package malt.torch.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory of keys and values, in pages: each holds those of some consecutive positions for all
 * layers and groups of heads. Belongs to one thread, but for reading and writing within pages.
 */
public final class KeyValueStore implements AutoCloseable {
  private final int pageTokens;
  private final Supplier<KeyValuePage> maker;
  private final List<KeyValuePage> pages = new ArrayList<>(); // all that were ever made
  private final Deque<KeyValuePage> free = new ArrayDeque<>();

  /**
   * @param pageTokens positions of a page
   * @param maker of pages
   */
  KeyValueStore(int pageTokens, Supplier<KeyValuePage> maker) {
    this.pageTokens = pageTokens;
    this.maker = maker;
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

  KeyValuePage take() {
    KeyValuePage page = free.isEmpty() ? make() : free.pop();
    page.use(1);
    return page;
  }

  private KeyValuePage make() {
    KeyValuePage page = maker.get();
    pages.add(page);
    return page;
  }

  void share(KeyValuePage page) {
    page.use(1);
  }

  void give(KeyValuePage page) {
    if (page.use(-1) == 0) {
      free.push(page);
    }
  }

  /** Bytes of the pages in use. */
  public long bytes() {
    return pages.isEmpty() ? 0 : (pages.size() - free.size()) * pages.get(0).bytes();
  }

  @Override
  public void close() {
    pages.forEach(KeyValuePage::close);
    pages.clear();
    free.clear();
  }
}
