package malt.app;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import malt.WeightsException;
import malt.experiment.ExperimentConfig;
import malt.experiment.Manifest;
import malt.model.LanguageModel;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.ChatCodec;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.text.ChatTemplate;
import malt.torch.text.Tokenizer;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingMemory;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.Precision;
import malt.torch.weights.Weights;
import malt.training.AdapterTrainer;

/** A model directory opened once: its frozen base samples for every role and is trained upon. */
public final class LocalModel implements AutoCloseable {
  /** Finished rows leave a decoding batch once fewer than this share are unfinished. */
  private static final double COMPACT_BELOW = 0.66;

  /** Up to so many weights, adapters are merged into copies of them for sampling. */
  private static final long MERGED_WEIGHTS = 8_000_000;

  private final CausalLm base;
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final LoraBase lora;
  private final ExperimentConfig.ModelSettings settings;
  private final ChatCodec codec;
  private final LanguageModel sampler;
  private final AdapterTrainer trainer;

  private LocalModel(
      CausalLm base,
      Tokenizer tokenizer,
      ChatTemplate template,
      LoraBase lora,
      ExperimentConfig.ModelSettings settings) {
    this.base = base;
    this.tokenizer = tokenizer;
    this.template = template;
    this.lora = lora;
    this.settings = settings;
    this.codec = new ChatCodec(tokenizer, template);
    this.sampler = new TorchLanguageModel(base, codec, adapters(), generation());
    this.trainer =
        new LoraTrainer(
            base,
            lora,
            new TrainingMemory(settings.trainingBatchTokens(), settings.recomputeActivations()));
  }

  private AdapterStore adapters() {
    return new AdapterStore(
        adapter -> base.merged(PeftAdapter.read(adapter, lora), MERGED_WEIGHTS));
  }

  private GenerationSettings generation() {
    return new GenerationSettings(
        settings.threads(), settings.operationThreads(), settings.batchRows(), COMPACT_BELOW);
  }

  public static LocalModel open(ExperimentConfig.ModelSettings settings) {
    LibTorch.setThreads(settings.operationThreads());
    Path directory = Home.resolve(Path.of(settings.path()));
    Tokenizer tokenizer = Tokenizer.load(directory);
    try {
      return open(settings, directory, tokenizer);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static LocalModel open(
      ExperimentConfig.ModelSettings settings, Path directory, Tokenizer tokenizer) {
    ChatTemplate template = ChatTemplate.load(directory);
    Checkpoint checkpoint = Checkpoint.of(directory);
    CausalLm base = CausalLm.load(directory, Precision.of(settings.dtype(), checkpoint.type()));
    if (tokenizer.vocabularySize() > base.config().vocabularySize()) {
      base.close();
      throw new WeightsException(
          "%s: the tokenizer has %d tokens but the embedding only %d"
              .formatted(directory, tokenizer.vocabularySize(), base.config().vocabularySize()));
    }
    try (Weights stored = checkpoint.stored()) {
      LoraBase lora = LoraBase.of(settings.path(), base.config(), stored, template.hash());
      return new LocalModel(base, tokenizer, template, lora, settings);
    } catch (RuntimeException e) {
      base.close();
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
    return lora.fingerprint();
  }

  /** SHA-256 of the chat template. */
  public String templateHash() {
    return template.hash();
  }

  /** Between prompts, token ids and text. */
  public ChatCodec codec() {
    return codec;
  }

  /** For requests that come at any time; the caller closes it before this. */
  public LiveSampler live() {
    return new LiveSampler(base, codec, adapters(), generation());
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
    base.close();
    tokenizer.close();
  }
}
