package malt.app.cli;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import malt.app.watch.WatchServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A page that follows a run. */
@Command(
    name = "watch",
    description = {
      "Shows a run on a page of this machine as it goes, or as it ended: stages, training, trees.",
      "It reads the run's directory alone, which may be a copy. docs/watch.md tells the rest."
    })
final class WatchCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Option(names = "--port", description = "0: any free one; default: ${DEFAULT-VALUE}")
  private int port = WatchServer.PORT;

  @Override
  public void run() {
    try (WatchServer server = WatchServer.start(run, port)) {
      System.out.println("watch: " + server.url());
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      System.out.println("stopped");
    }
  }
}
