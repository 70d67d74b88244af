package malt.torch.generation;

import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import malt.ModelException;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.LibTorch;

/** All rows of one adapter: a thread that decodes them together and takes in who comes. */
final class Lane implements Runnable {
  /**
   * Reading a prompt holds up the others: few newcomers wait so many tokens, that more may come.
   */
  private static final int PATIENCE = 8;

  private final PromptCodec codec;
  private final Supplier<RowBatch> batches;
  private final Semaphore cores;
  private final int mostRows;
  private final Deque<LiveRow> waiting = new ArrayDeque<>();
  private List<LiveRow> speaking = new ArrayList<>();
  private boolean closed;
  private int sinceJoining; // tokens

  /**
   * @param batches makes an empty batch; called on the lane's thread
   * @param cores shared by all lanes: how many decode at the same time
   */
  Lane(
      PromptCodec codec, Supplier<RowBatch> batches, Semaphore cores, GenerationSettings settings) {
    this.codec = codec;
    this.batches = batches;
    this.cores = cores;
    this.mostRows = settings.batchRows();
  }

  synchronized void add(LiveRow row) {
    if (closed) {
      throw new ModelException("the model is closed", true);
    }
    waiting.add(row);
    notifyAll();
  }

  /** Rows under way and waiting. */
  synchronized int load() {
    return waiting.size() + speaking.size();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  @Override
  public void run() {
    LibTorch.setThreads(1); // the decoder's team divides each product itself
    try (GradMode grad = GradMode.off()) {
      while (awaitRows()) {
        decode();
      }
    } finally {
      close();
      failAll(new ModelException("the model was closed before it had answered", true));
    }
  }

  private synchronized boolean awaitRows() {
    while (!closed && waiting.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    return !closed;
  }

  /** Decodes until no row is left; what goes wrong is told to those who wait for the rows. */
  private void decode() {
    try (RowBatch batch = batches.get()) {
      boolean more = true;
      while (more) {
        more = turn(batch);
      }
    } catch (RuntimeException | OutOfMemoryError e) { // the next rows may be fewer
      failAll(e);
    }
  }

  /** One token for everyone; whether there is more to do. */
  private boolean turn(RowBatch batch) {
    cores.acquireUninterruptibly();
    try {
      List<LiveRow> newcomers = newcomers();
      if (!newcomers.isEmpty()) {
        batch.join(parts(newcomers).stream().map(batch::expect).toList());
      }
      if (batch.unfinished() > 0) {
        batch.step();
        speaking().forEach(row -> row.heard(codec));
      }
      ended().forEach(row -> row.end(codec));
      return goesOn();
    } finally {
      cores.release();
    }
  }

  private synchronized List<LiveRow> newcomers() {
    List<LiveRow> taken = new ArrayList<>();
    boolean few = waiting.size() * PATIENCE < speaking.size();
    if (few && sinceJoining++ < PATIENCE) {
      return taken;
    }
    sinceJoining = 0;
    while (!waiting.isEmpty() && speaking.size() < mostRows) {
      LiveRow row = waiting.remove();
      if (!row.abandoned()) {
        taken.add(row);
        speaking.add(row);
      }
    }
    return taken;
  }

  private synchronized List<LiveRow> speaking() {
    return List.copyOf(speaking);
  }

  /** Takes out the rows that are finished; only then are they answered. */
  private synchronized List<LiveRow> ended() {
    List<LiveRow> ended = speaking.stream().filter(row -> row.draft().finished()).toList();
    speaking.removeAll(ended);
    return ended;
  }

  private synchronized boolean goesOn() {
    return !closed && !(speaking.isEmpty() && waiting.isEmpty());
  }

  /** Rows of one prompt read it once. */
  private static List<Batch.Part> parts(List<LiveRow> rows) {
    Map<IntBuffer, Batch.Part> parts = new LinkedHashMap<>();
    for (LiveRow row : rows) {
      int[] ids = row.draft().promptIds();
      parts.merge(IntBuffer.wrap(ids), new Batch.Part(ids, List.of(row.draft())), Batch.Part::with);
    }
    return List.copyOf(parts.values());
  }

  private void failAll(Throwable why) {
    List<LiveRow> rows;
    synchronized (this) {
      rows = new ArrayList<>(speaking);
      rows.addAll(waiting);
      speaking = new ArrayList<>();
      waiting.clear();
    }
    rows.forEach(row -> row.answer().completeExceptionally(why));
  }
}
