package malt.torch.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * A view of shared parameters with gradients of its own, so that threads can run backward at the
 * same time: data-parallel training within one process.
 */
record Replica(CausalLm model, List<Tensor> parameters) implements AutoCloseable {
  /** Leaves over the same storage as {@code parameters}. */
  static Replica over(ModelConfig config, Map<String, Tensor> parameters) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    parameters.forEach(
        (name, tensor) ->
            leaves.put(name, Tensors.kept(() -> tensor.detach().requires_grad_(true))));
    return new Replica(CausalLm.of(config, Weights.of(leaves)), new ArrayList<>(leaves.values()));
  }

  @Override
  public void close() {
    model.close();
  }
}
