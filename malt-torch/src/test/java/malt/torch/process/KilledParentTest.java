package malt.torch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that trains must end with who started it, even where nobody can tell it so. */
class KilledParentTest {
  @TempDir private Path folder;

  /** Runs the stand-in as a trainer would be run, with the job's file that it is given. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) {
      List<String> command = new ArrayList<>(StandInTrainer.command());
      command.add(args[0]);
      TrainerProcess.run("killed", command, Path.of(args[1]), () -> {});
    }
  }

  @Test
  void a_program_whose_parent_is_killed_sees_its_input_end() throws Exception {
    Path job = folder.resolve("job.json");
    StringBuilder steps = new StringBuilder("{\"rows\": [0], \"learning_rate\": 1}");
    for (int i = 1; i < 20_000; i++) {
      steps.append(", {\"rows\": [0], \"learning_rate\": 1}");
    }
    Path metrics = folder.resolve("metrics.jsonl");
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"completion_ids\": [1]}");
    Files.writeString(
        job,
        "{\"steps\": [%s], \"rows\": \"%s\", \"metrics\": \"%s\", \"checkpoint\": \"%s\"}"
            .formatted(steps, rows, metrics, folder.resolve("checkpoint")));
    List<String> command = new ArrayList<>(StandInTrainer.command());
    command.set(command.indexOf(StandInTrainer.class.getName()), Parent.class.getName());
    command.add(job.toString());
    command.add(folder.resolve("log.txt").toString());
    Process parent = new ProcessBuilder(command).inheritIO().start();
    for (int i = 0; i < 600 && !Files.exists(metrics); i++) {
      Thread.sleep(50);
    }
    assertThat(metrics).exists();
    List<ProcessHandle> programs = parent.children().toList();
    assertThat(programs).hasSize(1);
    parent.destroyForcibly().waitFor();
    assertThat(programs.get(0).onExit()).succeedsWithin(Duration.ofSeconds(10));
  }
}
