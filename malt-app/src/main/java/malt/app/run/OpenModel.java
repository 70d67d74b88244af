package malt.app.run;

import java.nio.file.Path;
import java.util.Optional;
import malt.MalformedDataException;
import malt.WeightsException;
import malt.model.Dtype;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.text.ChatTemplate;
import malt.torch.text.Tokenizer;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import malt.torch.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a model directory in Hugging Face's layout holds, opened: weights, tokenizer, template. */
public final class OpenModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenModel.class);

  private final Path directory;
  private final CausalLm base;
  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;
  private final LoraBase lora;

  private OpenModel(
      Path directory,
      CausalLm base,
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      LoraBase lora) {
    this.directory = directory;
    this.base = base;
    this.tokenizer = tokenizer;
    this.template = template;
    this.lora = lora;
  }

  /**
   * @param name of the base in the adapters trained on it
   */
  public static OpenModel open(Path directory, Dtype dtype, String name) {
    Tokenizer tokenizer = Tokenizer.load(directory);
    try {
      Optional<ChatTemplate> template = ChatTemplate.find(directory);
      ModelConfig config = ModelConfig.read(directory);
      Checkpoint checkpoint = Checkpoint.of(directory).of(config);
      checkpoint.remark().ifPresent(remark -> LOG.warn("{}: {}", directory, remark));
      CausalLm base = CausalLm.load(config, checkpoint, Precision.of(dtype, checkpoint.type()));
      try (Weights stored = checkpoint.stored()) {
        requireKnown(tokenizer, base, directory);
        String hash = template.map(ChatTemplate::hash).orElse("");
        LoraBase lora = LoraBase.of(name, base.config(), stored, hash);
        return new OpenModel(directory, base, tokenizer, template, lora);
      } catch (RuntimeException e) {
        base.close();
        throw e;
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void requireKnown(Tokenizer tokenizer, CausalLm base, Path directory) {
    if (tokenizer.vocabularySize() > base.config().vocabularySize()) {
      throw new WeightsException(
          "%s: the tokenizer has %d tokens but the embedding only %d"
              .formatted(directory, tokenizer.vocabularySize(), base.config().vocabularySize()));
    }
  }

  public CausalLm base() {
    return base;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * @throws MalformedDataException if the model has none
   */
  public ChatTemplate template() {
    return template.orElseGet(() -> ChatTemplate.load(directory));
  }

  public LoraBase lora() {
    return lora;
  }

  @Override
  public void close() {
    base.close();
    tokenizer.close();
  }
}
