package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import org.bytedeco.pytorch.Tensor;

/** A gated feed-forward: down(f(gate(x)) * up(x)) (Shazeer 2020). */
record FeedForward(Activation activation, Linear gate, Linear up, Linear down) {
  Tensor forward(Tensor x, LoraAdapter adapter) {
    Tensor gated = activation.apply(gate.forward(x, adapter)).mul(up.forward(x, adapter));
    return down.forward(gated, adapter);
  }
}
