package malt.bench;

import java.util.concurrent.Callable;
import malt.MaltException;
import picocli.CommandLine;

/** Runs a benchmark that has options; what a person can mend is told in a sentence. */
public final class Launcher {
  private Launcher() {}

  public static void launch(Callable<Integer> benchmark, String[] arguments) {
    System.exit(
        new CommandLine(benchmark)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Launcher::explain)
            .execute(arguments));
  }

  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult arguments)
      throws Exception {
    if (!(e instanceof MaltException)) {
      throw e;
    }
    System.err.println(e.getMessage());
    return line.getCommandSpec().exitCodeOnExecutionException();
  }
}
