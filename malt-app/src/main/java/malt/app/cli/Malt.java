package malt.app.cli;

import java.io.PrintWriter;
import malt.MaltException;
import malt.app.run.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The command line's root. */
@Command(
    name = "malt",
    description = "Trains a team of language model agents from questions and answers (MALT).",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Malt.BuiltVersion.class)
public final class Malt implements Runnable {
  private static final int FAILED = 1;

  /** The version that was built, on every command. */
  static final class BuiltVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"malt " + Version.OF_THIS};
    }
  }

  @Override
  public void run() {
    commandLine().usage(System.out);
  }

  public static void main(String[] arguments) {
    GracefulStop stop = GracefulStop.install();
    int status = FAILED;
    try {
      status = commandLine().execute(arguments);
    } finally {
      stop.workEnded();
    }
    System.exit(status);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Malt());
    CommandGroup.addTo(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          PrintWriter err = commandLine.getErr();
          if (Thread.currentThread().isInterrupted()) {
            err.println("stopped; what was done is kept, and the same command goes on from there");
          } else if (failure instanceof MaltException) {
            err.println("error: " + failure.getMessage());
          } else {
            err.println("error: an unexpected failure; please report it with what follows");
            failure.printStackTrace(err);
          }
          return FAILED;
        });
    return line;
  }
}
