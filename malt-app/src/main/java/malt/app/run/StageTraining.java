package malt.app.run;

import java.nio.file.Path;
import java.util.List;
import malt.experiment.ExperimentConfig;
import malt.torch.tensor.ProcessGroup;
import malt.training.TrainingJob;
import malt.training.TrainingListener;

/**
 * Trains on the local base of a run in another process, where base, data and adapters lie under the
 * same paths.
 *
 * @param config of the run
 * @param directory of the base
 */
record StageTraining(String config, String directory) implements Cluster.GroupTraining {

  static StageTraining of(ExperimentConfig config) {
    return new StageTraining(
        config.yaml(), Bases.directory(config.model()).toAbsolutePath().toString());
  }

  @Override
  public void train(ProcessGroup group, List<TrainingJob> jobs, TrainingListener listener) {
    ExperimentConfig run = ExperimentConfig.parse(config, "the run's configuration");
    try (Models models = Models.open(run, Path.of(directory))) {
      models.trainer(group).train(jobs, listener);
    }
  }
}
