package malt.app.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import malt.ConfigException;
import malt.MaltException;
import malt.Seeds;
import malt.app.team.SamplingChange;
import malt.app.team.TeamSession;
import malt.app.team.TeamSpeaker;
import malt.app.team.Transcript;
import malt.app.team.Work;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained team in a terminal. */
@Command(
    name = "chat",
    description = {
      "Asks a team questions, one a line, and shows generator, verifier and refiner as they speak.",
      "Each question stands alone; an empty line or the end of the input ends it."
    })
final class ChatCommand implements Runnable {
  @Mixin private TeamOptions team = new TeamOptions();

  @Option(
      names = "--votes",
      description = "passes whose answers are put to the vote; default: ${DEFAULT-VALUE}")
  private int votes = 1;

  @Option(
      names = "--draw",
      description = "another number, other samples; default: ${DEFAULT-VALUE}")
  private long draw = 1;

  @Override
  public void run() {
    if (votes < 1) {
      throw new ConfigException("--votes: 1 or more, found " + votes);
    }
    try (TeamSession session = team.open()) {
      System.out.println("team: " + session.describe());
      TeamSpeaker speaker = session.speaker(Runnable::run);
      BlockingQueue<String> lines = lines();
      for (long number = 0; ; number++) {
        System.out.print("question: ");
        System.out.flush();
        String question = lines.take().strip();
        if (question.isEmpty()) {
          System.out.println();
          return;
        }
        ask(speaker, question, Seeds.of(draw, number));
      }
    } catch (InterruptedException e) {
      System.out.println();
    }
  }

  /** What is typed, and an empty line at its end; waiting for it can be interrupted. */
  private static BlockingQueue<String> lines() {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                  .lines()
                  .forEach(lines::add);
              lines.add("");
            },
            "questions");
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private void ask(TeamSpeaker speaker, String question, long seed) throws InterruptedException {
    Transcript transcript = new Transcript(System.out, speaker.turns(), votes);
    Work work = new Work();
    try {
      transcript.end(
          speaker.answer(question, seed, votes, SamplingChange.NONE, work, transcript).get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MaltException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      work.cancel();
    }
  }
}
