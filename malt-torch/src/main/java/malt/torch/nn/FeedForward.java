package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** SwiGLU: down(silu(gate(x)) * up(x)) (Shazeer 2020). */
record FeedForward(Linear gate, Linear up, Linear down) {
  Tensor forward(Tensor x, LoraAdapter adapter) {
    return down.forward(torch.silu(gate.forward(x, adapter)).mul(up.forward(x, adapter)), adapter);
  }
}
