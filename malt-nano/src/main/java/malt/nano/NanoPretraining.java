package malt.nano;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import malt.MaltException;
import malt.torch.tensor.Tensors;
import malt.torch.training.InitialWeights;
import malt.torch.training.Pretrainer;
import malt.torch.training.WeightedSequence;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.SafetensorsWriter;
import malt.torch.weights.TensorShapes;
import malt.torch.weights.Variant;
import malt.torch.weights.Weights;
import malt.training.OptimizerSettings;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Makes the embedded model: tokenizer, configuration and weights, from its recipe alone. */
public final class NanoPretraining {
  /** Standard deviation of the initial weights, about 0.6 / sqrt(hidden size). */
  private static final double INITIAL_DEVIATION = 0.06;

  private NanoPretraining() {}

  /**
   * Trains phase after phase and writes a Hugging Face directory. What is done is kept in {@code
   * out}/phases, so that a training that was stopped goes on there and ends with the same weights,
   * bit for bit; a recipe that begins with the same phases takes them over.
   *
   * @param listener is told of the steps that are taken now
   */
  public static void run(
      NanoRecipe recipe, Path out, BiConsumer<NanoRecipe.Phase, TrainingStep> listener) {
    ModelConfig config = config(recipe.model());
    try {
      Files.createDirectories(out);
      NanoTokenizer.write(out, config.maxPositions());
      writeConfig(config, out.resolve("config.json"));
    } catch (IOException e) {
      throw new MaltException("cannot write to %s: %s".formatted(out, e), e);
    }
    int phases = recipe.phases().size();
    int done = phases;
    while (done > 0 && !Files.exists(kept(recipe, done, out))) {
      done--;
    }
    Map<String, Tensor> weights =
        done == 0
            ? InitialWeights.of(config, recipe.phases().get(0).training().seed(), INITIAL_DEVIATION)
            : copies(config, kept(recipe, done, out));
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(out)
            .optTruncation(false)
            .optPadding(false)
            .build()) {
      for (int phase = done + 1; phase <= phases; phase++) {
        train(recipe.upTo(phase), config, weights, tokenizer, kept(recipe, phase, out), listener);
      }
      SafetensorsWriter.write(out.resolve("model.safetensors"), weights, Map.of("format", "pt"));
    } catch (IOException e) {
      throw new MaltException("cannot read the tokenizer in %s: %s".formatted(out, e), e);
    } finally {
      weights.values().forEach(Tensor::close);
    }
  }

  /** Trains the last phase of {@code recipe}, in place. */
  private static void train(
      NanoRecipe recipe,
      ModelConfig config,
      Map<String, Tensor> weights,
      HuggingFaceTokenizer tokenizer,
      Path output,
      BiConsumer<NanoRecipe.Phase, TrainingStep> listener) {
    NanoRecipe.Phase phase = recipe.phases().get(recipe.phases().size() - 1);
    NanoRecipe.Training training = phase.training();
    OptimizerSettings settings =
        new OptimizerSettings(
            training.peakLearningRate(),
            training.beta1(),
            training.beta2(),
            training.weightDecay(),
            (double) training.warmUpSteps() / training.steps(),
            training.finalLearningRate() / training.peakLearningRate(),
            training.gradientClip(),
            training.batchDocuments(),
            1);
    NanoCorpus corpus = new NanoCorpus(recipe, phase, training.seed());
    new Pretrainer(config, weights, settings, training.steps())
        .train(
            index -> encode(tokenizer, corpus.document(index)),
            recipe.toString(),
            output,
            step -> listener.accept(phase, step));
  }

  /** Where the weights after phase {@code number}, from 1, are kept, by all that they depend on. */
  private static Path kept(NanoRecipe recipe, int number, Path out) {
    byte[] key = recipe.upTo(number).toString().getBytes(StandardCharsets.UTF_8);
    String name = recipe.phases().get(number - 1).name();
    return out.resolve("phases")
        .resolve("%s-%s.safetensors".formatted(name, UUID.nameUUIDFromBytes(key)));
  }

  /** In the order of {@link InitialWeights}: the gradients' norm is summed in it. */
  private static Map<String, Tensor> copies(ModelConfig config, Path file) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    try (Weights weights = Weights.read(file, ScalarType.Float)) {
      for (String name : TensorShapes.of(config).keySet()) {
        copies.put(name, Tensors.kept(() -> weights.take(name, weights.shape(name)).clone()));
      }
    }
    return copies;
  }

  private static WeightedSequence encode(HuggingFaceTokenizer tokenizer, Document document) {
    int[] ids = new int[0];
    float[] weights = new float[0];
    for (Segment segment : document.segments()) {
      long[] encoded = tokenizer.encode(segment.text(), false, false).getIds();
      int from = ids.length;
      ids = Arrays.copyOf(ids, from + encoded.length);
      weights = Arrays.copyOf(weights, from + encoded.length);
      for (int i = 0; i < encoded.length; i++) {
        ids[from + i] = (int) encoded[i];
        weights[from + i] = (float) segment.lossWeight();
      }
    }
    return new WeightedSequence(ids, weights);
  }

  private static ModelConfig config(NanoRecipe.Model model) {
    return new ModelConfig(
        List.of(ModelConfig.LLAMA),
        NanoTokenizer.size(),
        model.hidden(),
        model.intermediate(),
        model.layers(),
        model.heads(),
        model.kvHeads(),
        model.hidden() / model.heads(),
        model.normEpsilon(),
        model.ropeTheta(),
        model.maxPositions(),
        model.tie(),
        Variant.LLAMA);
  }

  private static void writeConfig(ModelConfig config, Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", "llama");
    json.putAll(
        mapper.convertValue(
            config, new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {}));
    json.put("hidden_act", "silu");
    json.put("torch_dtype", "float32");
    Files.writeString(file, mapper.writeValueAsString(json) + "\n");
  }
}
