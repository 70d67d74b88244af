package malt.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import malt.Interruption;
import malt.MaltException;
import malt.experiment.Stages;

/**
 * The masters of a standalone cluster, {@code spark://HOST:PORT,HOST:PORT}: whether any answers.
 */
final class Masters {
  private static final String STANDALONE = "spark://";
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int ANSWER_MILLIS = 10_000;
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private Masters() {}

  /**
   * Waits for one that is starting; other kinds of master are let be. Spark itself would try for a
   * minute, and then cancel the first job without saying why.
   *
   * @throws MaltException if none of the addresses answers in time
   */
  static void await(String master, Duration patience, Stages stages) {
    if (!master.startsWith(STANDALONE)) {
      return;
    }
    List<String> addresses = List.of(master.substring(STANDALONE.length()).split(",", -1));
    Instant end = Instant.now().plus(patience);
    List<String> failures = failures(addresses);
    if (failures.size() == addresses.size() && Instant.now().isBefore(end)) {
      stages.warn("no Spark master answers at %s yet; waiting for it".formatted(master));
    }
    while (failures.size() == addresses.size()) {
      if (!Instant.now().isBefore(end)) {
        throw new MaltException(
            "no Spark master answers at %s (%s); start it, or give the address that it prints"
                .formatted(master, String.join("; ", failures)));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      Interruption.check("waiting for Spark");
      failures = failures(addresses);
    }
  }

  /** What is wrong with those that do not answer. */
  private static List<String> failures(List<String> addresses) {
    List<String> failures = new ArrayList<>();
    for (String address : addresses) {
      int colon = address.lastIndexOf(':');
      String port = address.substring(colon + 1);
      if (colon < 1 || !PORT.matcher(port).matches()) {
        failures.add(address + ": not HOST:PORT");
        continue;
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(address.substring(0, colon), Integer.parseInt(port)),
            ANSWER_MILLIS);
      } catch (IOException | IllegalArgumentException e) { // the latter of a port over 65535
        failures.add(address + ": " + e.getMessage());
      }
    }
    return failures;
  }
}
