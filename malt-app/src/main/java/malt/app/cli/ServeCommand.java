package malt.app.cli;

import java.util.concurrent.CountDownLatch;
import malt.ConfigException;
import malt.app.serve.MaltServer;
import malt.app.serve.ServeSettings;
import malt.app.team.TeamSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained team for other programs. */
@Command(
    name = "serve",
    description = {
      "Serves a team behind OpenAI's HTTP API: the models team, one of each role's name, and base.",
      "SIGTERM or Ctrl-C ends it after the answers under way. docs/remote.md tells the rest."
    })
final class ServeCommand implements Runnable {
  @Mixin private TeamOptions team = new TeamOptions();

  @Option(
      names = "--host",
      description = "address to listen at; any but loopback needs a key; default: ${DEFAULT-VALUE}")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "0: any free one; default: ${DEFAULT-VALUE}")
  private int port = 8000;

  @Option(
      names = "--key-variable",
      paramLabel = "NAME",
      description = "environment variable that holds the API key callers must send")
  private String keyVariable = "";

  @Option(
      names = "--max-body-bytes",
      description = "of a request, else 413; default: ${DEFAULT-VALUE}")
  private int maxBodyBytes = 1_048_576;

  @Option(
      names = "--max-tokens",
      description = "a completion may ask for, else 400; default: ${DEFAULT-VALUE}")
  private int maxTokens = 4096;

  @Option(
      names = "--max-queue",
      description = "completions under way and waiting, else 429; default: ${DEFAULT-VALUE}")
  private int maxQueue = 1024;

  @Option(
      names = "--timeout-seconds",
      description = "of a request, else 503; default: ${DEFAULT-VALUE}")
  private int timeoutSeconds = 300;

  @Override
  public void run() {
    ServeSettings settings =
        new ServeSettings(host, port, key(), maxBodyBytes, maxTokens, maxQueue, timeoutSeconds);
    try (TeamSession session = team.open();
        MaltServer server = MaltServer.start(settings, session)) {
      System.out.println("team: " + session.describe());
      System.out.println("listening: " + server.url());
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      System.out.println("stopped");
    }
  }

  private String key() {
    if (keyVariable.isEmpty()) {
      return "";
    }
    String key = System.getenv(keyVariable);
    if (key == null || key.isBlank()) {
      throw new ConfigException(
          "the environment variable %s, named by --key-variable, holds no API key"
              .formatted(keyVariable));
    }
    return key.strip();
  }
}
