package malt.app.cli;

import java.io.PrintWriter;
import malt.MaltException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command line's root. */
@Command(
    name = "malt",
    description = "Trains a team of language model agents from questions and answers (MALT).",
    subcommands = {
      RunCommand.class,
      CollectCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      RelabelCommand.class,
      RegradeCommand.class,
      GradeCommand.class,
      ExportCommand.class,
      TokenizeCommand.class,
      RenderCommand.class,
      LogProbsCommand.class,
      GenerateCommand.class,
      MergeCommand.class,
      DoctorCommand.class,
      RandomModelCommand.class,
      PretrainCommand.class,
      ServeCommand.class,
      ChatCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    version = "malt 0.1.0")
public final class Malt implements Runnable {
  private static final int FAILED = 1;

  @Override
  public void run() {
    new CommandLine(this).usage(System.out);
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
    CommandLine line = new CommandLine(new Malt()).setCaseInsensitiveEnumValuesAllowed(true);
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
