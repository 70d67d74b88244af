package malt.app.tool;

import java.nio.file.Path;
import malt.app.OpenModel;
import malt.model.Dtype;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.ChatCodec;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.PlainCodec;
import malt.torch.generation.PromptCodec;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;
import malt.torch.weights.Checkpoint;
import org.jspecify.annotations.Nullable;

/** An open model directory as tools use it; a chat template is needed only where messages are. */
public final class ToolModel implements AutoCloseable {

  /** Numbers below which operations are too short to be shared between threads. */
  private static final long SMALL = 50_000_000;

  private final OpenModel model;
  private final int threads;

  private ToolModel(OpenModel model, int threads) {
    this.model = model;
    this.threads = threads;
  }

  /**
   * @param threads within an operation; 0 for one where the model is small, else for all processors
   */
  public static ToolModel open(Path directory, Dtype dtype, int threads) {
    boolean small = Checkpoint.of(directory).parameters() < SMALL;
    int automatic = small ? 1 : Runtime.getRuntime().availableProcessors();
    int chosen = threads == 0 ? automatic : threads;
    LibTorch.setThreads(chosen);
    return new ToolModel(OpenModel.open(directory, dtype, directory.toString()), chosen);
  }

  public CausalLm base() {
    return model.base();
  }

  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  public LoraBase lora() {
    return model.lora();
  }

  /** The adapter in that directory, which the caller closes; none for null. */
  public LoraAdapter adapter(@Nullable Path directory) {
    return directory == null ? LoraAdapter.NONE : PeftAdapter.read(directory, lora());
  }

  /** A sampler of texts, for prompts of {@link PlainCodec}; closed before this model. */
  public LanguageModel plain(int batchRows) {
    return sampler(new PlainCodec(tokenizer()), batchRows);
  }

  /** A sampler of chat messages; closed before this model. */
  public LanguageModel chat(int batchRows) {
    return sampler(new ChatCodec(tokenizer(), model.template()), batchRows);
  }

  private LanguageModel sampler(PromptCodec codec, int batchRows) {
    return new TorchLanguageModel(
        codec,
        new AdapterStore(
            base(),
            PackedModel.Packing.of(base(), threads),
            directory -> PeftAdapter.read(directory, lora())),
        new GenerationSettings(1, batchRows));
  }

  /** The ids of a row's prompt: of its "messages", or of "prompt", a text or messages. */
  int[] promptIds(Row row) {
    String messages = row.has("messages") ? "messages" : "prompt";
    return row.hasText(messages)
        ? tokenizer().encodeDocument(row.text(messages))
        : new PromptEncoder(tokenizer(), model.template())
            .encode(new Prompt(row.messages(messages)));
  }

  @Override
  public void close() {
    model.close();
  }
}
