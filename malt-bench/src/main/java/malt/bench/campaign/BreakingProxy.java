package malt.bench.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands bytes to a server and back, and breaks connections: in either direction, at any byte. */
final class BreakingProxy implements AutoCloseable {
  private static final int LONGEST_STALL = 300; // ms before one

  private final ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int behind;
  private int mean; // bytes
  private SplittableRandom random = new SplittableRandom(0);
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  /**
   * What becomes of a connection.
   *
   * @param up bytes to the server until it is broken; -1: not by these
   * @param down the same of bytes to the caller
   * @param reset whether it is broken with a reset, not an orderly end
   */
  private record Fate(long up, long down, int stall, boolean reset) {}

  /**
   * @param behind the server's port
   */
  BreakingProxy(int behind) throws IOException {
    this.behind = behind;
    threads.execute(this::accept);
  }

  /** From now on breaks each connection after so many bytes on average. */
  synchronized void breaking(int meanBytes, long seed) {
    mean = meanBytes;
    random = new SplittableRandom(seed);
  }

  String url() {
    return "http://127.0.0.1:%d/v1".formatted(listening.getLocalPort());
  }

  int connections() {
    return all.get();
  }

  int broken() {
    return broken.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket caller = listening.accept();
        all.incrementAndGet();
        Fate fate = fate();
        threads.execute(() -> serve(caller, fate));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** Drawn in the order of connections. */
  private synchronized Fate fate() {
    boolean breaks = mean > 0;
    boolean up = random.nextBoolean();
    long after = !breaks || random.nextInt(8) == 0 ? 0 : random.nextInt(2 * mean);
    int stall = random.nextInt(3) == 0 ? random.nextInt(LONGEST_STALL) : 0;
    boolean reset = random.nextBoolean();
    return new Fate(breaks && up ? after : -1, breaks && !up ? after : -1, stall, reset);
  }

  private void serve(Socket caller, Fate fate) {
    try (caller;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      threads.execute(() -> copy(caller, server, fate.up(), fate));
      copy(server, caller, fate.down(), fate);
    } catch (IOException e) {
      return; // one of them has gone, which ends it for both
    }
  }

  /** Until the end, or as many bytes; then both are closed. */
  private void copy(Socket from, Socket to, long most, Fate fate) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1 << 12];
      long left = most < 0 ? Long.MAX_VALUE : most;
      int read = left == 0 ? 0 : in.read(bytes);
      while (read >= 0 && left > 0) {
        out.write(bytes, 0, (int) Math.min(read, left));
        left -= read;
        read = left > 0 ? in.read(bytes) : 0;
      }
      if (most >= 0 && left <= 0) {
        broken.incrementAndGet();
        Thread.sleep(fate.stall());
        if (fate.reset()) {
          from.setSoLinger(true, 0);
          to.setSoLinger(true, 0);
        }
      }
    } catch (IOException e) {
      return; // the other direction has closed them
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
