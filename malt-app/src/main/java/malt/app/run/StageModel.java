package malt.app.run;

import java.nio.file.Path;
import java.util.List;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.RemoteStage;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.ModelSource;
import malt.model.SamplingRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a stage samples from, to be opened in another process: the local base, which must lie under
 * the same path there, or the servers.
 *
 * @param config of the run
 * @param directory of the base; null where there is none here
 */
record StageModel(String config, @Nullable String directory, RemoteStage stage)
    implements ModelSource {

  static StageModel of(ExperimentConfig config, RemoteStage stage) {
    boolean local = !config.model().path().isEmpty();
    return new StageModel(
        config.yaml(),
        local ? Bases.directory(config.model()).toAbsolutePath().toString() : null,
        stage);
  }

  @Override
  public LanguageModel open() {
    ExperimentConfig run = ExperimentConfig.parse(config, "the run's configuration");
    Models models = Models.open(run, directory == null ? null : Path.of(directory));
    LanguageModel sampler = models.sampler(stage);
    return new LanguageModel() {
      @Override
      public List<List<Completion>> sample(List<SamplingRequest> requests) {
        return sampler.sample(requests);
      }

      @Override
      public void close() {
        models.close();
      }
    };
  }
}
