package malt.torch.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.TensorShapes;
import org.bytedeco.pytorch.Tensor;

/** Random weights of a fresh decoder, under the names of Hugging Face's checkpoints. */
public final class InitialWeights {
  private final SplittableRandom random;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private InitialWeights(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Norms multiply by 1, biases are 0, all else is normal; maps that write into the residual stream
   * are scaled down by sqrt(2 layers) (GPT-2's rule).
   */
  public static Map<String, Tensor> of(ModelConfig config, long seed, double deviation) {
    InitialWeights weights = new InitialWeights(seed);
    double residual = deviation / Math.sqrt(2.0 * config.layers());
    TensorShapes.of(config)
        .forEach(
            (name, shape) -> {
              boolean writes = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
              if (shape.length == 1) {
                double norm = 1 - config.normOffset();
                weights.same(name, name.endsWith(".bias") ? 0 : (float) norm, shape);
              } else {
                weights.normal(name, writes ? residual : deviation, shape);
              }
            });
    return weights.tensors;
  }

  private void same(String name, float value, long[] shape) {
    float[] values = new float[Math.toIntExact(shape[0])];
    Arrays.fill(values, value);
    tensors.put(name, Tensors.kept(() -> Tensors.MAIN.ofFloats(values, shape)));
  }

  private void normal(String name, double standardDeviation, long[] shape) {
    float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * standardDeviation);
    }
    tensors.put(name, Tensors.kept(() -> Tensors.MAIN.ofFloats(values, shape)));
  }
}
