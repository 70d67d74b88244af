package malt.app.run;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import malt.experiment.ExperimentConfig;
import malt.experiment.Manifest;
import malt.model.LanguageModel;
import malt.torch.adapter.PeftAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.tensor.LibTorch;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingData;
import malt.torch.training.TrainingMemory;
import malt.training.AdapterTrainer;

/** A model directory opened once: its frozen base samples for every role and is trained upon. */
public final class LocalModel implements AutoCloseable {
  /** Up to so many weights, adapters are merged into copies of them for sampling. */
  private static final long MERGED_WEIGHTS = 8_000_000;

  private final OpenModel model;
  private final ExperimentConfig.ModelSettings settings;
  private final ModelCodec codec;
  private final LanguageModel sampler;
  private final AdapterTrainer trainer;

  private LocalModel(OpenModel model, ExperimentConfig.ModelSettings settings) {
    this.model = model;
    this.settings = settings;
    this.codec = PromptLayouts.codec(model, settings);
    this.sampler = new TorchLanguageModel(codec, adapters(), generation());
    this.trainer =
        new LoraTrainer(
            model.base(),
            model.lora(),
            TrainingData::sets,
            new TrainingMemory(settings.trainingBatchTokens(), settings.recomputeActivations()),
            settings.threads());
  }

  private AdapterStore adapters() {
    return new AdapterStore(
        model.base(),
        PackedModel.Packing.of(model.base(), settings.operationThreads()),
        adapter -> model.base().merged(PeftAdapter.read(adapter, model.lora()), MERGED_WEIGHTS));
  }

  private GenerationSettings generation() {
    return new GenerationSettings(settings.threads(), settings.batchRows());
  }

  public static LocalModel open(ExperimentConfig.ModelSettings settings) {
    LibTorch.setThreads(settings.operationThreads());
    Path directory = Home.resolve(Path.of(settings.path()));
    OpenModel model = OpenModel.open(directory, settings.dtype(), settings.path());
    try {
      return new LocalModel(model, settings);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** What a run that begins now with this model is begun with. */
  Manifest manifest(String run) {
    return manifest(run, fingerprint(), templateHash());
  }

  static Manifest manifest(String run, String base, String template) {
    return new Manifest(
        run,
        "0.1.0",
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

  /** SHA-256 of the base's configuration and weights. */
  public String fingerprint() {
    return model.lora().fingerprint();
  }

  /** SHA-256 of the chat template. */
  public String templateHash() {
    return model.lora().template();
  }

  /** Between prompts, token ids and text. */
  public ModelCodec codec() {
    return codec;
  }

  /** For requests that come at any time; the caller closes it before this. */
  public LiveSampler live() {
    return new LiveSampler(codec, adapters(), generation());
  }

  public LanguageModel sampler() {
    return sampler;
  }

  public AdapterTrainer trainer() {
    return trainer;
  }

  @Override
  public void close() {
    sampler.close();
    model.close();
  }
}
