package malt.torch.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import malt.torch.adapter.FreshAdapter;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The tiny model in float64 with an adapter that is not zero, so that rounding hides nothing. */
record DoubleModel(CausalLm model, LoraAdapter adapter) implements AutoCloseable {
  static DoubleModel open() {
    return open(TinyModels.CONFIG);
  }

  /** Of that configuration, which has the widths of the tiny model. */
  static DoubleModel open(ModelConfig config) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (CausalLm single = TinyModels.random(config, 1)) {
      Weights weights = single.weights();
      for (String name : weights.names()) {
        Tensor tensor = weights.take(name, weights.shape(name));
        tensors.put(name, Tensors.kept(() -> tensor.to(ScalarType.Double)));
      }
    }
    CausalLm model = CausalLm.of(config, Weights.of(tensors));
    LoraBase base = LoraBase.of("tiny", model.config(), model.weights(), "");
    LoraAdapter adapter = FreshAdapter.of(base, TinyJobs.LORA, 3);
    adapter.pairs().forEach((module, pair) -> fill(pair.b(), module.hashCode()));
    return new DoubleModel(model, adapter);
  }

  private static void fill(Tensor tensor, long seed) {
    try (TensorScope scope = new TensorScope()) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[(int) tensor.numel()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.2 * random.nextGaussian());
      }
      tensor.copy_(Tensors.MAIN.ofFloats(values, Tensors.shape(tensor)));
    }
  }

  /** The elements in row-major order. */
  static double[] values(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = tensor.detach().contiguous();
      double[] values = new double[(int) flat.numel()];
      new DoublePointer(flat.data_ptr()).get(values);
      return values;
    }
  }

  TrainingRun run(TrainingResources memory) {
    return new TrainingRun("verifier/sft", model, adapter, TinyJobs.optimizer(0.01, 8, 1), memory);
  }

  @Override
  public void close() {
    adapter.close();
    model.close();
  }
}
