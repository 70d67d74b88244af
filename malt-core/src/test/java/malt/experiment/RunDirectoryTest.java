package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path folder;

  private void begin(ExperimentConfig config) {
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"), config)) {
      run.begin(TinyConfig.manifest("base"));
    }
  }

  @Test
  void the_same_configuration_continues() {
    begin(TinyConfig.with());
    try (RunDirectory again = RunDirectory.open(folder.resolve("run"), TinyConfig.with())) {
      assertThat(again.begun()).isTrue();
    }
    assertThat(RunDirectory.readConfig(folder.resolve("run"))).isEqualTo(TinyConfig.with());
  }

  @Test
  void another_configuration_is_refused_naming_the_first_difference() {
    begin(TinyConfig.with());
    assertThatThrownBy(() -> begin(TinyConfig.with("dpo.beta=0.2", "evaluation.votes=5")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(folder.resolve("run").toString())
        .hasMessageContaining("'beta: 0.1' there, 'beta: 0.2' now")
        .hasMessageNotContaining("votes")
        .hasMessageContaining("--name");
    begin(TinyConfig.with());
  }

  @Test
  void a_run_goes_on_under_the_settings_of_another_machine() throws Exception {
    begin(TinyConfig.with());
    Path file = new RunLayout(folder.resolve("run")).config();
    String before = Files.readString(file);
    begin(TinyConfig.with("machine.threads=7", "machine.batch_rows=1"));
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @Test
  void who_is_told_of_a_run_does_not_make_it_another_one() {
    begin(TinyConfig.with("tracking={mlflow: 'http://127.0.0.1:5000'}"));
    begin(TinyConfig.with("tracking={mlflow: 'http://127.0.0.1:5001', experiment: mine}"));
    begin(TinyConfig.with());
  }

  @Test
  void how_a_trainer_is_started_may_change_but_not_which_it_is() {
    String trainer = "training={with: process, command: [trl.py]}";
    begin(TinyConfig.with(trainer, "machine.training_launcher=[python3]"));
    begin(TinyConfig.with(trainer));
    assertThatThrownBy(() -> begin(TinyConfig.with("training={with: process, command: [my.py]}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("trl.py");
  }

  @Test
  void a_run_of_an_older_format_is_said_to_be_one() throws Exception {
    begin(TinyConfig.with());
    Path config = new RunLayout(folder.resolve("run")).config();
    Files.writeString(
        config,
        Files.readString(config)
            .replace("  truncated: \"keep\"\n", "")
            .replace("  truncated: keep\n", ""));
    assertThatThrownBy(() -> RunDirectory.readConfig(folder.resolve("run")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'truncated' is missing")
        .hasMessageContaining("earlier version");
    assertThatThrownBy(() -> begin(TinyConfig.with()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'truncated' is missing")
        .hasMessageContaining("another name");
  }

  @Test
  void a_run_that_was_not_begun_takes_another_configuration() {
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"), TinyConfig.with())) {
      assertThat(run.begun()).isFalse();
    }
    begin(TinyConfig.with("dpo.beta=0.2"));
    assertThat(RunDirectory.readConfig(folder.resolve("run")).dpo().beta()).isEqualTo(0.2);
  }

  @Test
  void a_directory_in_use_is_refused_until_it_is_closed() {
    Path root = folder.resolve("run");
    RunDirectory first = RunDirectory.open(root, TinyConfig.with());
    assertThatThrownBy(() -> RunDirectory.open(root, TinyConfig.with()))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining(root + " is in use");
    first.close();
    RunDirectory.open(root, TinyConfig.with()).close();
  }

  @Test
  void a_refused_configuration_does_not_keep_the_directory_in_use() {
    begin(TinyConfig.with());
    assertThatThrownBy(() -> begin(TinyConfig.with("name=other")))
        .isInstanceOf(ConfigException.class);
    RunDirectory.open(folder.resolve("run")).close();
  }

  @Test
  void what_is_no_run_directory_is_said_to_be_none() {
    assertThatThrownBy(() -> RunDirectory.open(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessage("%s is not a run directory: it has no config.yaml", folder);
    assertThat(Files.exists(folder.resolve(".lock"))).isFalse();
  }

  @Test
  void another_model_is_refused_and_the_old_one_goes_on() {
    begin(TinyConfig.with());
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"), TinyConfig.with())) {
      assertThatThrownBy(() -> run.begin(TinyConfig.manifest("another base")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("the model's weights changed")
          .hasMessageContaining("manifest.json")
          .hasMessageContaining("another base");
      run.begin(TinyConfig.manifest("base"));
      assertThat(run.manifest()).isEqualTo(TinyConfig.manifest("base"));
    }
  }

  @Test
  void a_damaged_manifest_is_named() throws Exception {
    begin(TinyConfig.with());
    Path manifest = Files.writeString(folder.resolve("run").resolve("manifest.json"), "{\"name\":");
    assertThatThrownBy(() -> begin(TinyConfig.with()))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(manifest + " is damaged");
  }

  @Test
  void a_file_in_the_way_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("run"), "not a directory");
    assertThatThrownBy(() -> begin(TinyConfig.with()))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining(file.toString());
  }
}
