package malt.torch.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import malt.ModelException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.ModelConfig.Sight;
import malt.torch.weights.Precision;
import malt.torch.weights.TensorShapes;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A decoder-only language model of the Llama family. Weights are frozen and shared; which adapter
 * runs on them is an argument of each forward.
 */
public final class CausalLm implements AutoCloseable {
  private static final long WORDS_AT_ONCE = 1 << 24; // numbers of the output head

  private final ModelConfig config;
  private final Weights weights;
  private final Map<String, long[]> shapes;
  private final Tensor embedding; // (V, C)
  private final List<DecoderLayer> layers;
  private final RmsNorm norm;
  private final Tensor head; // (V, C)
  private final List<Sight> sights; // of each layer
  private final Map<Sight, Rotary> rotaries = new HashMap<>();
  private final ScalarType computing;
  private final Tensors tensors; // made where the weights lie

  private CausalLm(ModelConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
    shapes = TensorShapes.of(config);
    embedding = take("model.embed_tokens.weight");
    layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(layer(layer));
    }
    norm = norm("model.norm");
    head = config.tiedHead() ? embedding : take("lm_head.weight");
    weights.checkAllTaken();
    sights = IntStream.range(0, config.layers()).mapToObj(config::sight).toList();
    computing = Tensors.type(norm.weight());
    tensors = Tensors.beside(norm.weight());
    sights.forEach(
        sight -> rotaries.computeIfAbsent(sight, each -> new Rotary(config, each, tensors)));
  }

  /** Loads a model directory in Hugging Face's layout, computing in 32 bits. */
  public static CausalLm load(Path directory) {
    return load(directory, Precision.FLOAT32);
  }

  /** Loads a model directory in Hugging Face's layout, on the processor. */
  public static CausalLm load(Path directory, Precision precision) {
    return load(directory, precision, Tensors.MAIN);
  }

  /**
   * Loads a model directory in Hugging Face's layout.
   *
   * @param place where its weights are to lie, and it computes
   */
  public static CausalLm load(Path directory, Precision precision, Tensors place) {
    ModelConfig config = ModelConfig.read(directory);
    return load(config, Checkpoint.of(directory).of(config), precision, place);
  }

  /**
   * @param checkpoint of that configuration
   * @param place where its weights are to lie, and it computes
   */
  public static CausalLm load(
      ModelConfig config, Checkpoint checkpoint, Precision precision, Tensors place) {
    CausalLm model = of(config, checkpoint.weights(precision, place));
    try {
      model.weights.checkFinite();
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Builds the model over weights, which it then owns; it computes where they lie, in the type of
   * its norms.
   */
  public static CausalLm of(ModelConfig config, Weights weights) {
    try {
      return new CausalLm(config, weights);
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private DecoderLayer layer(int layer) {
    String path = "model.layers." + layer + ".";
    boolean bias = config.variant().qkvBias();
    boolean headNorms = config.variant().qkNorm();
    return new DecoderLayer(
        norm(path + "input_layernorm"),
        new Attention(
            linear(path + "self_attn.q_proj", bias),
            linear(path + "self_attn.k_proj", bias),
            linear(path + "self_attn.v_proj", bias),
            linear(path + "self_attn.o_proj", false),
            headNorms ? norm(path + "self_attn.q_norm") : null,
            headNorms ? norm(path + "self_attn.k_norm") : null,
            config.heads(),
            config.keyValueHeads(),
            config.headSize(),
            config.scoreScale()),
        config.normsAfter() ? norm(path + "post_attention_layernorm") : null,
        norm(path + config.feedNorm()),
        new FeedForward(
            Activation.of(config),
            linear(path + "mlp.gate_proj", false),
            linear(path + "mlp.up_proj", false),
            linear(path + "mlp.down_proj", false)),
        config.normsAfter() ? norm(path + "post_feedforward_layernorm") : null);
  }

  private Tensor take(String name) {
    return weights.take(name, Objects.requireNonNull(shapes.get(name)));
  }

  private Linear linear(String name, boolean biased) {
    return new Linear(name, take(name + ".weight"), biased ? take(name + ".bias") : null);
  }

  private RmsNorm norm(String name) {
    return new RmsNorm(take(name + ".weight"), config.normOffset(), config.normEpsilon());
  }

  public ModelConfig config() {
    return config;
  }

  public Weights weights() {
    return weights;
  }

  /** Makes tensors where the model computes. */
  public Tensors tensors() {
    return tensors;
  }

  /**
   * A forward of rows without padding, and its backward to the adapter.
   *
   * @param wanted places of the tokens whose hidden states are asked for, int64 (M)
   */
  public AdaptedForward adapted(
      TokenRows rows, Tensor wanted, LoraAdapter adapter, AdaptedForward.Keep keep) {
    checkPositions(rows.longest());
    for (long id : rows.ids()) {
      config.requireWord(id);
    }
    ScalarType scores = computing == ScalarType.Double ? computing : ScalarType.Float;
    Tensor positions = tensors.ofLongs(rows.positions(), rows.ids().length);
    List<AttentionPart> parts = AttentionPart.of(rows);
    List<AdaptedLayer.Context> contexts =
        bySight(
            (sight, rotary) ->
                new AdaptedLayer.Context(
                    rotary.at(positions, rows.longest(), scores).ofRows(),
                    attention(parts, window(sight, rows.longest()), scores),
                    adapter));
    try (GradMode off = GradMode.off()) {
      Tensor embedded = embed(tensors.ofLongs(rows.ids(), rows.ids().length));
      return AdaptedForward.of(embedded, layers, contexts, norm, wanted, keep);
    }
  }

  private PartAttention attention(List<AttentionPart> parts, int window, ScalarType scores) {
    return tensors.device().isProcessor()
        ? new BlockAttention(
            parts, window, config.scoreScale(), BlockAttention.future(tensors, scores))
        : new FusedAttention(parts, window, config.scoreScale());
  }

  /**
   * Log-probabilities of ids (M) by the hidden states (M, C) that predict them.
   *
   * @param logitsAtOnce most numbers of logits that are there together
   * @param sloped whether their gradients are asked for
   */
  public TargetLogProbs logProbs(Tensor hidden, Tensor ids, long logitsAtOnce, boolean sloped) {
    long block =
        Math.max(1, Math.min(logitsAtOnce / hidden.size(0), WORDS_AT_ONCE / config.hiddenSize()));
    try (GradMode off = GradMode.off()) {
      return TargetLogProbs.of(hidden, head, ids, block, sloped);
    }
  }

  /**
   * Hidden states after the final norm, (B, T, C).
   *
   * @param tokens int64 (B, T), right-padded: causality keeps padding from mattering
   */
  public Tensor forward(Tensor tokens, LoraAdapter adapter) {
    return layers(tokens, contexts(tokens.size(1), adapter));
  }

  /** Keys and values of texts that go on. */
  public interface Memory {
    /**
     * Takes in keys and values (1, G, N, D) of new tokens, and lets their queries (1, H, N, D) look
     * at those of their texts: softmax(scale q k') v, (1, H, N, D).
     */
    Tensor attend(int layer, Tensor q, Tensor k, Tensor v);
  }

  /**
   * Hidden states after the final norm of tokens that go on with texts, (N, C).
   *
   * @param ids int64 (N)
   * @param positions of each in its text, int64 (N)
   * @param end all positions are below it
   * @param memory of the texts
   */
  public Tensor continued(
      Tensor ids, Tensor positions, long end, LoraAdapter adapter, Memory memory) {
    checkPositions(end);
    List<Rotary.Angles> angles = bySight((sight, rotary) -> rotary.at(positions, end, computing));
    List<Attention.Context> contexts = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      int number = layer;
      contexts.add(
          new Attention.Context(
              angles.get(layer), (q, k, v) -> memory.attend(number, q, k, v), adapter));
    }
    return layers(ids.unsqueeze(0), contexts).select(0, 0);
  }

  private List<Attention.Context> contexts(long count, LoraAdapter adapter) {
    checkPositions(count);
    return bySight(
        (sight, rotary) -> {
          int window = window(sight, count);
          return new Attention.Context(
              rotary.upTo(count, computing),
              Attention.Seen.own(window == 0 ? null : causal(count, window), config.scoreScale()),
              adapter);
        });
  }

  /** What is made for each layer, once for all layers of one sight. */
  private <T> List<T> bySight(BiFunction<Sight, Rotary, T> made) {
    Map<Sight, T> each = new HashMap<>();
    rotaries.forEach((sight, rotary) -> each.put(sight, made.apply(sight, rotary)));
    return sights.stream().map(each::get).toList();
  }

  private void checkPositions(long count) {
    if (count > config.maxPositions()) {
      throw new ModelException(
          "a sequence of %d tokens exceeds the model's %d positions"
              .formatted(count, config.maxPositions()),
          false);
    }
  }

  /** Which of {@code count} keys each query may see, (T, T): its own, and those just before. */
  private Tensor causal(long count, int window) {
    Tensor positions = tensors.range(count);
    Tensor distance = positions.unsqueeze(1).sub(positions.unsqueeze(0)); // (T, T)
    return distance.ge(Tensors.zero()).logical_and(distance.lt(Tensors.scalar(window)));
  }

  /** The sliding window where it hides something of so many tokens; 0 for none. */
  private static int window(Sight sight, long tokens) {
    return tokens > sight.window() ? sight.window() : 0;
  }

  private Tensor layers(Tensor tokens, List<Attention.Context> contexts) {
    Tensor x = embed(tokens);
    for (int layer = 0; layer < layers.size(); layer++) {
      x = layers.get(layer).forward(x, contexts.get(layer));
    }
    return norm.forward(x);
  }

  /** The residual stream's first state of tokens (...), (..., C). */
  public Tensor embed(Tensor tokens) {
    Tensor embedded = torch.embedding(embedding, tokens).to(computing);
    double scale = config.embeddingScale();
    return scale == 1 ? embedded : embedded.mul(tensors.filled(scale, computing, 1));
  }

  /** The type of activations. */
  public ScalarType computing() {
    return computing;
  }

  /**
   * The adapter merged into copies of the weights it changes, where those are at most {@code most}
   * numbers of 32 bits; otherwise as it is. Takes the adapter over.
   */
  public LoraAdapter merged(LoraAdapter adapter, long most) {
    long numbers =
        adapter.pairs().values().stream()
            .mapToLong(pair -> pair.b().size(0) * pair.a().size(1))
            .sum();
    if (numbers > most || Tensors.type(head) != ScalarType.Float) {
      return adapter;
    }
    try (adapter) {
      return adapter.merged(weights);
    }
  }

  /** Logits (..., V) of hidden states (..., C). */
  public Tensor logits(Tensor hidden) {
    return Linear.map(hidden, head);
  }

  @Override
  public void close() {
    rotaries.values().forEach(Rotary::close);
    weights.close();
  }
}
