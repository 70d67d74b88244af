package malt.nano;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import malt.MaltException;
import malt.WeightsException;
import malt.torch.tensor.Tensors;
import malt.torch.training.InitialWeights;
import malt.torch.training.Pretrainer;
import malt.torch.training.WeightedSequence;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.SafetensorsWriter;
import malt.torch.weights.Weights;
import malt.training.OptimizerSettings;
import malt.training.TrainingStep;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Makes the embedded model: tokenizer, configuration and weights, from its recipe alone. */
public final class NanoPretraining {
  /** Standard deviation of the initial weights, about 0.6 / sqrt(hidden size). */
  private static final double INITIAL_DEVIATION = 0.06;

  private static final int STEPS_BETWEEN_CHECKPOINTS = 500;

  private NanoPretraining() {}

  /**
   * Trains the model of {@code recipe} and writes a Hugging Face directory.
   *
   * @param from directory of an earlier phase to go on from; null to start from random weights
   */
  public static void run(
      NanoRecipe recipe, @Nullable Path from, Path out, Consumer<TrainingStep> listener) {
    NanoRecipe.Training training = recipe.training();
    int steps = training.documents() / training.batchDocuments();
    OptimizerSettings settings =
        new OptimizerSettings(
            training.peakLearningRate(),
            training.beta1(),
            training.beta2(),
            training.weightDecay(),
            (double) training.warmUpSteps() / steps,
            training.finalLearningRate() / training.peakLearningRate(),
            training.gradientClip(),
            training.batchDocuments(),
            1);
    ModelConfig config = config(recipe.model());
    try {
      Files.createDirectories(out);
      NanoTokenizer.write(out, config.maxPositions());
      writeConfig(config, out.resolve("config.json"));
    } catch (IOException e) {
      throw new MaltException("cannot write to %s: %s".formatted(out, e), e);
    }
    Map<String, Tensor> weights =
        from == null
            ? InitialWeights.of(config, training.seed(), INITIAL_DEVIATION)
            : trained(config, from);
    NanoCorpus corpus = new NanoCorpus(recipe, training.seed());
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(out)
            .optTruncation(false)
            .optPadding(false)
            .build()) {
      new Pretrainer(config, weights, settings, steps)
          .train(
              index -> encode(tokenizer, corpus.document(index)),
              step -> {
                listener.accept(step);
                if (step.step() % STEPS_BETWEEN_CHECKPOINTS == 0 || step.step() == steps) {
                  SafetensorsWriter.write(
                      out.resolve("model.safetensors"), weights, Map.of("format", "pt"));
                }
              });
    } catch (IOException e) {
      throw new MaltException("cannot read the tokenizer in %s: %s".formatted(out, e), e);
    } finally {
      weights.values().forEach(Tensor::close);
    }
  }

  /** Copies of an earlier phase's weights. */
  private static Map<String, Tensor> trained(ModelConfig config, Path from) {
    if (!ModelConfig.read(from).equals(config)) {
      throw new WeightsException("%s has another shape than the recipe's model".formatted(from));
    }
    Map<String, Tensor> copies = new LinkedHashMap<>();
    try (Weights weights = Weights.read(from.resolve("model.safetensors"), ScalarType.Float)) {
      for (String name : weights.names()) {
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
        model.tie());
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
