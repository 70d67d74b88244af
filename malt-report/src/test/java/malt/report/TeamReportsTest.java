package malt.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.Teams;
import malt.experiment.TinyConfig;
import malt.experiment.TinyTeams;
import malt.experiment.ToyExperiment;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TeamReportsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void a_team_of_any_shape_goes_to_its_report(TinyTeams team) throws IOException {
    ExperimentConfig config = TinyConfig.with(team.overrides());
    new ToyExperiment(folder, config).run(ToyExperiment.model(), new RecordingTrainer());
    Path page;
    try (RunDirectory run = RunDirectory.view(folder)) {
      page = HtmlReport.write(folder, TreeSamples.read(config, run, ToyExperiment.benchmark()));
    }
    assertThat(Files.readString(page)).contains(Teams.untrained(config).turnNames());
    assertThat(ResultTable.read(folder)).contains("SA+MV");
  }
}
