package malt.torch.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.torch.tensor.Tensors;
import malt.torch.weights.SafetensorsWriter.Planned;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Checkpoints of random weights in any supported shape, for trying out what a size takes. */
public final class RandomCheckpoint {
  private static final double DEVIATION = 0.02; // the initializer_range of most families

  private RandomCheckpoint() {}

  /**
   * Norms multiply by 1, biases are 0, all else is normal; tensor by tensor, so a model may exceed
   * the memory.
   *
   * @param config a config.json
   * @param tokenizer a model directory whose tokenizer is copied; null for none
   */
  public static void write(
      Path config,
      @Nullable Path tokenizer,
      Path out,
      StoredType type,
      long seed,
      CheckpointWriter.Listener listener) {
    ModelConfig shape = ModelConfig.readFile(config);
    ModelFiles.begin(out);
    ModelFiles.copyConfig(config, out, type);
    if (tokenizer != null) {
      ModelFiles.copyTokenizer(tokenizer, out);
    }
    Tensors.seed(seed);
    Map<String, Planned> tensors = new LinkedHashMap<>();
    TensorShapes.of(shape)
        .forEach(
            (name, size) -> {
              double same = name.endsWith(".bias") ? 0 : 1 - shape.normOffset();
              tensors.put(name, planned(same, size, type.type()));
            });
    CheckpointWriter.write(out, tensors, CheckpointWriter.SHARD_BYTES, listener);
  }

  private static Planned planned(double same, long[] shape, ScalarType type) {
    boolean matrix = shape.length > 1;
    return new Planned(
        type,
        shape,
        () ->
            matrix
                ? Tensors.MAIN.normal(DEVIATION, type, shape)
                : Tensors.MAIN.filled(same, type, shape));
  }
}
