package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A linear map without bias.
 *
 * @param name module name in the checkpoint, by which adapters find it
 * @param weight (out, in)
 */
record Linear(String name, Tensor weight) {
  Tensor forward(Tensor x, LoraAdapter adapter) {
    return adapter.apply(name, x, torch.linear(x, weight));
  }
}
