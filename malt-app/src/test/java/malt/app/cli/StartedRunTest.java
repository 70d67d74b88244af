package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team is trained on one task and goes on in another run on other questions. */
class StartedRunTest {
  private static final String[] SMALL = {
    "problems.train=12",
    "problems.dev=0",
    "problems.test=4",
    "sft.epochs=1",
    "dpo.optimizer.epochs=1",
    "evaluation.ablated=[]",
    "evaluation.debate=null",
    "evaluation.equal_calls=false",
    "report.trees=1"
  };

  @TempDir private Path folder;

  @BeforeAll
  static void home() {
    System.setProperty("malt.home", MaltProcess.home().toString());
  }

  @AfterAll
  static void forgetHome() {
    System.clearProperty("malt.home");
  }

  private Outcome run(String name, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("run", "--name", name));
    arguments.addAll(
        List.of("--config", MaltProcess.home().resolve("configs/nano.yaml").toString()));
    arguments.addAll(List.of("--runs", folder.toString()));
    for (String[] some : List.of(SMALL, settings)) {
      for (String setting : some) {
        arguments.addAll(List.of("--set", setting));
      }
    }
    return Outcome.of(arguments.toArray(String[]::new));
  }

  @Test
  void a_team_goes_on_from_where_another_run_left_it() throws Exception {
    Outcome source = run("source", "run=[joint]");
    assertThat(source.exit()).as(source.err()).isZero();
    String[] adapting = {
      "start={schedule: joint, run: '%s'}".formatted(folder.resolve("source")),
      "run=[adapt]",
      "schedules.adapt={label: A, rounds: [{name: adapt, train: [{method: sft, from: current}]}]}",
      "problems.variant=doubling",
      "problems.test_variant=doubling"
    };
    Outcome adapted = run("adapted", adapting);
    assertThat(adapted.exit()).as(adapted.err()).isZero();
    assertThat(Files.readString(folder.resolve("adapted/evaluation.json")))
        .contains("\"start MA+MV\"", "\"MALT A+MV\"");
    assertThat(Files.readString(folder.resolve("adapted/report/index.html")))
        .contains("started from", "the team of schedule joint in");
    Path copy = folder.resolve("adapted/seed-1/start/generator/adapter_model.safetensors");
    assertThat(copy)
        .hasSameBinaryContentAs(
            folder.resolve("source/seed-1/joint/adapters/generator/sft/adapter_model.safetensors"));
    assertThat(folder.resolve("adapted/seed-1/adapt/adapters/generator/sft")).isDirectory();

    Outcome narrow =
        run(
            "narrow",
            "run=[adapt]",
            adapting[2],
            "lora.rank=4",
            "start={adapters: {generator: '%s'}}".formatted(copy.getParent()));
    assertThat(narrow.exit()).isNotZero();
    assertThat(narrow.err())
        .contains("start: ", "is not as the section lora says: its scale is 2.0, not 8.0");
    assertThat(folder.resolve("narrow/config.yaml")).doesNotExist();
  }
}
