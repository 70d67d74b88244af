package malt.app.team;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All that is under way for one caller, so that it can be dropped at once. */
public final class Work {
  private final List<CompletableFuture<?>> running = new ArrayList<>();
  private boolean cancelled;

  /** Adds to it; what is added after the end is cancelled at once. */
  public synchronized <T> CompletableFuture<T> add(CompletableFuture<T> one) {
    if (cancelled) {
      one.cancel(true);
    } else {
      running.add(one);
    }
    return one;
  }

  /** Drops everything: rows are freed before their next token. */
  public void cancel() {
    List<CompletableFuture<?>> dropped;
    synchronized (this) {
      cancelled = true;
      dropped = List.copyOf(running);
      running.clear();
    }
    dropped.forEach(one -> one.cancel(true));
  }
}
