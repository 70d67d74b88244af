package malt.app.tool;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import malt.app.run.OpenModel;
import malt.model.Dtype;
import malt.model.LanguageModel;
import malt.model.Prompt;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.decoding.PackedModel;
import malt.torch.generation.AdapterStore;
import malt.torch.generation.GenerationSettings;
import malt.torch.generation.ModelCodec;
import malt.torch.generation.TorchLanguageModel;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.LibTorch;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PlainEncoder;
import malt.torch.text.PromptEncoder;
import malt.torch.text.PromptLayout;
import malt.torch.text.Tokenizer;
import malt.torch.text.jinja.TemplateException;
import malt.torch.weights.Checkpoint;
import org.jspecify.annotations.Nullable;

/** An open model directory as tools use it; a chat template is needed only where messages are. */
public final class ToolModel implements AutoCloseable {

  /** Numbers below which operations are too short to be shared between threads. */
  private static final long SMALL = 50_000_000;

  private final OpenModel model;
  private final UnaryOperator<ChatTemplate> told;
  private final int threads;
  private @Nullable PromptEncoder encoder; // once there are messages

  private ToolModel(OpenModel model, UnaryOperator<ChatTemplate> told, int threads) {
    this.model = model;
    this.told = told;
    this.threads = threads;
  }

  /**
   * @param told tells the chat template what it reads besides messages
   * @param threads within an operation; 0 for one where the model is small, else for all processors
   */
  public static ToolModel open(
      Path directory, Dtype dtype, UnaryOperator<ChatTemplate> told, int threads) {
    boolean small = Checkpoint.of(directory).parameters() < SMALL;
    int automatic = small ? 1 : Runtime.getRuntime().availableProcessors();
    int chosen = threads == 0 ? automatic : threads;
    LibTorch.setThreads(chosen);
    return new ToolModel(OpenModel.open(directory, dtype, directory.toString()), told, chosen);
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

  /** Lays chat messages out by the model's template. */
  PromptEncoder encoder() {
    encoder =
        encoder == null ? new PromptEncoder(tokenizer(), told.apply(model.template())) : encoder;
    return encoder;
  }

  /**
   * A sampler, closed before this model.
   *
   * @param messages whether prompts are chat messages, else a text each
   * @param stop texts that end a completion too
   */
  LanguageModel sampler(boolean messages, List<String> stop, int batchRows) {
    PromptLayout layout = messages ? encoder() : new PlainEncoder(tokenizer());
    return new TorchLanguageModel(
        new ModelCodec(tokenizer(), layout, stop),
        new AdapterStore(
            base(),
            PackedModel.Packing.of(base(), threads),
            directory -> PeftAdapter.read(directory, lora())),
        new GenerationSettings(1, batchRows));
  }

  /** The ids of a row's prompt: of its "messages", or of "prompt", a text or messages. */
  int[] promptIds(Row row) {
    String messages = row.has("messages") ? "messages" : "prompt";
    if (row.hasText(messages)) {
      return tokenizer().encodeDocument(row.text(messages));
    }
    Prompt prompt = new Prompt(row.messages(messages));
    try {
      return encoder().encode(prompt);
    } catch (TemplateException e) {
      throw row.wrong(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
