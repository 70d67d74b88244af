package malt.app.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The newest text of each part, and which were changed since somebody looked last. */
final class Topics {
  private final Map<String, Topic> topics = new LinkedHashMap<>();
  private long version;
  private int watchers;
  private boolean closed;

  /**
   * A part as it is now.
   *
   * @param version counts every change of any part
   */
  record Topic(String name, String text, long version) {}

  /** Takes over the texts that are not as they were. */
  synchronized void publish(Map<String, String> texts) {
    texts.forEach(
        (name, text) -> {
          Topic before = topics.get(name);
          if (before == null || !before.text().equals(text)) {
            topics.put(name, new Topic(name, text, ++version));
          }
        });
    notifyAll();
  }

  /** What was changed after a version, oldest first; waits for it as long as is said. */
  synchronized List<Topic> after(long seen, long milliseconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    long left = milliseconds;
    while (version <= seen && !closed && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    List<Topic> changed = new ArrayList<>(topics.values());
    changed.removeIf(topic -> topic.version() <= seen);
    changed.sort((a, b) -> Long.compare(a.version(), b.version()));
    return changed;
  }

  synchronized void watcherCame() {
    watchers++;
    notifyAll();
  }

  synchronized void watcherLeft() {
    watchers--;
  }

  /** Returns when somebody watches, or false when nobody ever will. */
  synchronized boolean awaitWatcher() throws InterruptedException {
    while (watchers == 0 && !closed) {
      wait();
    }
    return !closed;
  }

  synchronized boolean closed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
