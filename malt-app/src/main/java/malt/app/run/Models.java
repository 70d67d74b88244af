package malt.app.run;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import malt.ConfigException;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.RemoteStage;
import malt.experiment.Manifest;
import malt.experiment.Samplers;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.model.remote.RemoteLanguageModel;
import malt.model.remote.RemoteSettings;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.PeftAdapter;
import malt.torch.generation.EncodedModel;
import malt.torch.generation.ModelCodec;
import malt.torch.local.LocalModel;
import malt.torch.process.ProcessTrainer;
import malt.torch.process.TrainerProgram;
import malt.torch.tensor.ProcessGroup;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TokenSequence;
import malt.torch.training.TrainingData;
import malt.torch.training.TrainingResources;
import malt.training.AdapterTrainer;
import malt.tree.ChunkExpander;
import org.jspecify.annotations.Nullable;

/** What a run samples and trains with: the local base, a remote server, or each its part. */
final class Models implements AutoCloseable {
  private final ExperimentConfig config;
  private final @Nullable LocalModel local;
  private final @Nullable ModelCodec codec; // of the local model
  private @Nullable LanguageModel sampler; // of the local model, once it was needed
  private @Nullable RemoteLanguageModel remote; // once it was needed

  private Models(ExperimentConfig config, @Nullable LocalModel local) {
    this.config = config;
    this.local = local;
    this.codec = local == null ? null : Bases.codec(local, config.model());
  }

  /** A server is asked when something is sampled there, or by {@link #requireServer}. */
  static Models open(ExperimentConfig config) {
    boolean here = !config.model().path().isEmpty();
    return open(config, here ? Bases.directory(config.model()) : null);
  }

  /**
   * The same from where the base lies on this machine.
   *
   * @param directory null where there is no base
   */
  static Models open(ExperimentConfig config, @Nullable Path directory) {
    if (directory == null) {
      return new Models(config, null);
    }
    LocalModel local = Bases.open(config, directory);
    try {
      return new Models(config, local);
    } catch (RuntimeException e) {
      local.close();
      throw e;
    }
  }

  /** Finds out now what is wrong with the server, if the run has one. */
  void requireServer() {
    if (config.remote() != null) {
      remote();
    }
  }

  /**
   * Finds out now what is wrong with adapters that a run is to begin with, as far as there is a
   * base here that they can be held against.
   *
   * @throws malt.WeightsException if they are damaged or of another base
   * @throws ConfigException if they are of another shape than the run's own
   */
  void requireLoadable(List<Path> adapters) {
    if (local == null || adapters.isEmpty()) {
      return;
    }
    try (LoraAdapter wanted = FreshAdapter.of(local.lora(), config.lora(), 0)) {
      for (Path directory : adapters) {
        try (LoraAdapter found = PeftAdapter.read(directory, local.lora())) {
          PeftAdapter.difference(found, wanted)
              .ifPresent(
                  difference -> {
                    throw new ConfigException(
                        "start: %s is not as the section lora says: %s"
                            .formatted(directory, difference));
                  });
        }
      }
    }
  }

  private synchronized RemoteLanguageModel remote() {
    if (remote == null) {
      Function<Prompt, int[]> encoder = codec == null ? null : codec::encode;
      RemoteLanguageModel opened = RemoteLanguageModel.open(server(), encoder, System::getenv);
      try {
        if (local != null && encoder != null) {
          requireSame("weights", opened.traits().base(), local.lora().fingerprint());
          requireSame("chat template", opened.traits().template(), local.lora().template());
          opened.requireSameEncoding(encoder);
        }
        if (config.trainedSampleThere() && server().adapters().isEmpty()) {
          opened.requireLoading("what this run trains");
        }
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
      remote = opened;
    }
    return remote;
  }

  /** As far as the server tells. */
  private void requireSame(String what, @Nullable String there, String here) {
    if (there != null && !there.equals(here)) {
      throw new ConfigException(
          "%s serves another %s than %s holds (%s there, %s here); a run samples and trains one base"
              .formatted(place(), what, config.model().path(), brief(there), brief(here)));
    }
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }

  /** Of a run that has one. */
  private RemoteSettings server() {
    return Objects.requireNonNull(config.remote(), "remote").server();
  }

  private String place() {
    return String.join(", ", server().urls());
  }

  /**
   * @param cluster has everything sampled by its processes; null for this one
   */
  Samplers samplers(@Nullable Cluster cluster) {
    return new Samplers(
        expander(cluster, RemoteStage.COLLECT), expander(cluster, RemoteStage.EVALUATE), false);
  }

  private ChunkExpander expander(@Nullable Cluster cluster, RemoteStage stage) {
    return cluster == null
        ? ChunkExpander.by(sampler(stage))
        : cluster.expander(StageModel.of(config, stage));
  }

  LanguageModel sampler(RemoteStage stage) {
    if (config.samplesThere(stage)) {
      LanguageModel there = requests -> remote().sample(requests);
      return codec == null ? there : new EncodedModel(there, codec);
    }
    if (local != null && codec != null) {
      return sampler(local, codec);
    }
    return requests -> {
      throw noBase(stage.name().toLowerCase(Locale.ROOT));
    };
  }

  /** One for all stages. */
  private synchronized LanguageModel sampler(LocalModel local, ModelCodec codec) {
    if (sampler == null) {
      sampler = local.sampler(codec, Bases.generation(config.machine()));
    }
    return sampler;
  }

  /**
   * @param cluster trains in place of this process; null for none
   */
  AdapterTrainer trainer(@Nullable Cluster cluster) {
    if (cluster != null && local != null && config.trainerCommand().isEmpty()) {
      return cluster.trainer(StageTraining.of(config));
    }
    return trainer(ProcessGroup.ALONE);
  }

  /**
   * @param group the processes that train together, this one among them
   */
  AdapterTrainer trainer(ProcessGroup group) {
    if (local == null || codec == null) {
      return (jobs, listener) -> {
        throw noBase("train");
      };
    }
    ExperimentConfig.MachineSettings settings = config.machine();
    if (!config.trainerCommand().isEmpty()) {
      int jobs = settings.trainingJobs() == null ? 1 : settings.trainingJobs();
      return new ProcessTrainer(local.lora(), data(codec), program(settings), jobs);
    }
    return new LoraTrainer(
        local.base(),
        local.lora(),
        data(codec),
        new TrainingResources(
            settings.trainingBatchTokens(),
            settings.recomputeActivations(),
            local.threads(),
            group),
        settings.threads());
  }

  /** What was sampled, and what a model alone is taught of it. */
  private static TrainingData data(ModelCodec codec) {
    return TrainingData.withStudent(
        example ->
            new TokenSequence(
                codec.encode(example.prompt()),
                codec.encodeAnswer(example.completion().text(), true)));
  }

  private TrainerProgram program(ExperimentConfig.MachineSettings settings) {
    List<String> command = new ArrayList<>(config.trainerCommand());
    command.set(
        0, Home.resolve(Path.of(command.get(0))).toString()); // ours are found from anywhere
    return new TrainerProgram(
        settings.trainingLauncher() == null ? List.of() : settings.trainingLauncher(),
        command,
        Bases.directory(config.model()),
        config.model().dtype(),
        settings.trainingBatchTokens(),
        settings.recomputeActivations());
  }

  private static ConfigException noBase(String work) {
    return new ConfigException(
        "model.path is empty, so there is no base here to %s with; name the directory of the base that the server serves"
            .formatted(work));
  }

  /** What a run that begins now with these models is begun with. */
  Manifest manifest(String run) {
    if (local != null) {
      return manifest(run, local.lora().fingerprint(), local.lora().template());
    }
    String there = "%s at %s".formatted(server().model(), place());
    return manifest(run, there, there);
  }

  private static Manifest manifest(String run, String base, String template) {
    return new Manifest(
        run,
        Version.OF_THIS,
        System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
        "%s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()),
        base,
        template,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  @Override
  public synchronized void close() {
    if (remote != null) {
      remote.close();
    }
    if (local != null) {
      local.close();
    }
  }
}
