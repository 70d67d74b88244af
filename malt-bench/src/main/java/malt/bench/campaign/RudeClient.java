package malt.bench.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A caller of the worse kind; what it is told that it should not be told is its result. */
final class RudeClient implements Callable<@Nullable String> {
  private static final int LONGEST = 5_000; // ms, of an attack
  private static final int FLOOD = 40; // requests at once

  private enum Kind {
    SLOW_READER,
    HALF_REQUEST,
    FLOOD,
    WRONG_KEY,
    HANG_UP
  }

  private final int port;
  private final Kind kind;
  private final SplittableRandom random;

  RudeClient(int port, long seed) {
    this.port = port;
    this.kind = Kind.values()[(int) Math.floorMod(seed, (long) Kind.values().length)];
    this.random = new SplittableRandom(seed);
  }

  @Override
  public @Nullable String call() throws InterruptedException {
    Thread.sleep(random.nextInt(LONGEST / 2));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(4 * LONGEST);
      switch (kind) {
        case SLOW_READER -> slowly(socket);
        case HALF_REQUEST -> {
          byte[] whole = request(ServedModel.KEY, false);
          socket.getOutputStream().write(whole, 0, random.nextInt(whole.length));
          Thread.sleep(random.nextInt(LONGEST));
        }
        case FLOOD -> {
          OutputStream out = socket.getOutputStream();
          for (int i = 0; i < FLOOD; i++) {
            out.write(request(ServedModel.KEY, i % 2 == 0));
          }
          Thread.sleep(random.nextInt(LONGEST));
        }
        case WRONG_KEY -> {
          return refused(socket);
        }
        default -> socket.getOutputStream().write(request(ServedModel.KEY, true));
      }
    } catch (SocketException e) {
      return null; // the server has shown it the door
    } catch (IOException e) {
      return kind + ": " + e;
    }
    return null;
  }

  private void slowly(Socket socket) throws IOException, InterruptedException {
    socket.setReceiveBufferSize(1 << 10);
    socket.getOutputStream().write(request(ServedModel.KEY, true));
    InputStream in = socket.getInputStream();
    long end = System.nanoTime() + random.nextInt(LONGEST) * 1_000_000L;
    while (System.nanoTime() < end && in.read() >= 0) {
      Thread.sleep(50);
    }
  }

  /** Nothing but 401 may be said to whoever has another key. */
  private @Nullable String refused(Socket socket) throws IOException {
    socket.getOutputStream().write(request("wrong", random.nextBoolean()));
    byte[] bytes = new byte[1 << 12];
    int read = socket.getInputStream().read(bytes);
    String said = new String(bytes, 0, Math.max(0, read), StandardCharsets.UTF_8);
    return said.startsWith("HTTP/1.1 401 ") && !said.contains("choices")
        ? null
        : "with a wrong key it was told: " + said.lines().findFirst().orElse("nothing");
  }

  private byte[] request(String key, boolean stream) {
    String body =
        """
        {"model": "team", "stream": %s, "max_tokens": 40, "temperature": 1, "messages": [{"role":
         "user", "content": "Tom has %d apples and buys 3 more. How many does he have ?"}]}\
        """
            .formatted(stream, random.nextInt(50));
    String head =
        String.join(
            "\r\n",
            "POST /v1/chat/completions HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Authorization: Bearer " + key,
            "Content-Length: " + body.length(),
            "",
            "");
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }
}
