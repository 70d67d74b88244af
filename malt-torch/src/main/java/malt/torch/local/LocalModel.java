package malt.torch.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import malt.MalformedDataException;
import malt.WeightsException;
import malt.model.Dtype;
import malt.model.LanguageModel;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Device;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.Tensors;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PlainEncoder;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import malt.torch.weights.Weights;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model directory in Hugging Face's layout, opened once: a frozen base that samples for any
 * number of adapters, and that adapters are trained on. Its samplers share its packed weights and
 * are closed with it.
 *
 * <pre>{@code
 * try (LocalModel model = LocalModel.open(Path.of("models/nano"))) {
 *   model.sampler().sample(requests);
 * }
 * }</pre>
 */
public final class LocalModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalModel.class);

  /** Up to so many weights, adapters are merged into copies of them for sampling. */
  private static final long MERGED_WEIGHTS = 8_000_000;

  /** Numbers below which operations are too short to be shared between threads. */
  private static final long SMALL = 50_000_000;

  private static final int BATCH_ROWS = 32;

  private final Path directory;
  private final CausalLm base;
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;
  private final LoraBase lora;
  private final AdapterStore adapters;
  private final int threads;
  private final List<LanguageModel> samplers = new ArrayList<>();
  private @Nullable PromptEncoder chat; // once there are messages

  /**
   * How a directory is opened.
   *
   * @param name of the base in the adapters trained on it
   * @param device where the weights lie, and it samples and is trained; must be there
   * @param told tells the chat template what it reads besides messages
   */
  public record Settings(
      String name, Dtype dtype, Device device, UnaryOperator<ChatTemplate> told) {}

  private LocalModel(
      Path directory,
      CausalLm base,
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      LoraBase lora,
      int threads) {
    this.directory = directory;
    this.base = base;
    this.tokenizer = tokenizer;
    this.template = template;
    this.lora = lora;
    this.threads = threads;
    this.adapters =
        new AdapterStore(
            base,
            base.tensors().device().isProcessor() ? PackedModel.Packing.of(base, threads) : null,
            adapter -> base.merged(PeftAdapter.read(adapter, lora), MERGED_WEIGHTS));
  }

  /**
   * On the processor, in the type of arithmetic that suits its weights and this machine, on the
   * threads likewise.
   */
  public static LocalModel open(Path directory) {
    return open(
        directory,
        new Settings(directory.toString(), Dtype.AUTO, Device.cpu(0), UnaryOperator.identity()));
  }

  /**
   * @throws MalformedDataException naming the file that is not as it should be
   * @throws WeightsException if weights are missing, or have other shapes than the configuration
   * @throws malt.ConfigException if this machine has no such device
   */
  public static LocalModel open(Path directory, Settings settings) {
    Device device = settings.device().required();
    Tokenizer tokenizer = Tokenizer.load(directory);
    try {
      Optional<ChatTemplate> template = ChatTemplate.find(directory).map(settings.told());
      ModelConfig config = ModelConfig.read(directory);
      Checkpoint checkpoint = Checkpoint.of(directory).of(config);
      checkpoint.remark().ifPresent(remark -> LOG.warn("{}: {}", directory, remark));
      int threads = threads(device, checkpoint);
      LibTorch.setThreads(threads);
      requireKnown(tokenizer, config, directory);
      String hash = template.map(ChatTemplate::hash).orElse("");
      LoraBase lora = lora(settings.name(), config, checkpoint, hash).on(device);
      Precision precision = Precision.of(settings.dtype(), checkpoint.type(), device);
      CausalLm base = CausalLm.load(config, checkpoint, precision, Tensors.on(device));
      return new LocalModel(directory, base, tokenizer, template, lora, threads);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Operations of an accelerator wait for each other anyway. */
  private static int threads(Device device, Checkpoint checkpoint) {
    if (!device.isProcessor()) {
      return 1;
    }
    int automatic =
        checkpoint.parameters() < SMALL ? 1 : Runtime.getRuntime().availableProcessors();
    return device.number() == 0 ? automatic : device.number();
  }

  /** Its weights are closed again, since a file's quantised ones are widened for it. */
  private static LoraBase lora(
      String name, ModelConfig config, Checkpoint checkpoint, String template) {
    try (Weights stored = checkpoint.stored()) {
      return LoraBase.of(name, config, stored, template);
    }
  }

  private static void requireKnown(Tokenizer tokenizer, ModelConfig config, Path directory) {
    if (tokenizer.ordinarySize() > config.vocabularySize()) {
      throw new WeightsException(
          "%s: the tokenizer has %d tokens but the embedding only %d"
              .formatted(directory, tokenizer.ordinarySize(), config.vocabularySize()));
    }
  }

  public CausalLm base() {
    return base;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** What adapters must know of this base to fit it. */
  public LoraBase lora() {
    return lora;
  }

  /** Where it computes. */
  public Device device() {
    return base.tensors().device();
  }

  /** That work on one forward, or on one batch of training; at least 1, on an accelerator 1. */
  public int threads() {
    return threads;
  }

  /** The adapter in that directory, which the caller closes; none for null. */
  public LoraAdapter adapter(@Nullable Path directory) {
    return directory == null ? LoraAdapter.NONE : PeftAdapter.read(directory, lora);
  }

  /**
   * Lays chat messages out by the model's template.
   *
   * @throws MalformedDataException if the model has none
   */
  public synchronized PromptEncoder chat() {
    if (chat == null) {
      chat = new PromptEncoder(tokenizer, template.orElseGet(() -> ChatTemplate.load(directory)));
    }
    return chat;
  }

  /** Takes a prompt's texts as they are, for models that were taught no template. */
  public PlainEncoder plain() {
    return new PlainEncoder(tokenizer);
  }

  /** Samples answers to chat messages, 32 together on one thread. */
  public LanguageModel sampler() {
    return sampler(
        new ModelCodec(tokenizer, chat(), List.of()), new GenerationSettings(1, BATCH_ROWS));
  }

  /**
   * Samples whole lists of requests.
   *
   * @param codec of this model's tokenizer
   */
  public LanguageModel sampler(ModelCodec codec, GenerationSettings settings) {
    return closedWithThis(new TorchLanguageModel(codec, adapters, here(settings)));
  }

  /** Samples for requests that come at any time, likewise. */
  public LiveSampler live(ModelCodec codec, GenerationSettings settings) {
    return closedWithThis(new LiveSampler(codec, adapters, here(settings)));
  }

  /** Batches of an accelerator would only wait for each other. */
  private GenerationSettings here(GenerationSettings settings) {
    return device().isProcessor() ? settings : new GenerationSettings(1, settings.batchRows());
  }

  private synchronized <T extends LanguageModel> T closedWithThis(T sampler) {
    samplers.add(sampler);
    return sampler;
  }

  @Override
  public synchronized void close() {
    samplers.forEach(LanguageModel::close);
    samplers.clear();
    adapters.close();
    base.close();
    tokenizer.close();
  }
}
