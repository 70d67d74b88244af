package malt.app.cli;

import picocli.CommandLine.Option;

/** For commands that sample. */
final class RetryOption {
  @Option(
      names = "--retry-failed",
      description =
          "sample again what failed earlier: refused by a server, withheld, or given up. Training "
              + "sets are made anew, where nothing was trained on them yet")
  private boolean failed;

  boolean failed() {
    return failed;
  }
}
