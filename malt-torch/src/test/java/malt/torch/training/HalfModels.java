package malt.torch.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.torch.tensor.TensorScope;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.SafetensorsWriter;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies of model directories with weights in bfloat16. */
final class HalfModels {
  private HalfModels() {}

  static void write(Path model, Path copy) {
    try (Weights weights = Checkpoint.of(model).stored();
        TensorScope scope = new TensorScope()) {
      Map<String, Tensor> rounded = new LinkedHashMap<>();
      weights
          .names()
          .forEach(name -> rounded.put(name, weights.tensor(name).to(ScalarType.BFloat16)));
      SafetensorsWriter.write(copy.resolve(Checkpoint.FILE), rounded, Map.of());
      Files.copy(model.resolve("config.json"), copy.resolve("config.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
