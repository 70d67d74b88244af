package malt.torch.decoding;

import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * An accelerator's: LibTorch's operations where the weights lie, on the layers that training and
 * scoring run too. It needs no memory but the weights' own and that of keys and values.
 */
public final class TensorDecoder implements Decoder {
  private final CausalLm model;
  private final LoraAdapter adapter;
  private final TensorMemory memory;
  private final KeyValueStore store;

  /**
   * @param model outlives this
   * @param adapter what is added to the model's weights, or replaces them; outlives this
   */
  public TensorDecoder(CausalLm model, LoraAdapter adapter) {
    this.model = model;
    this.adapter = adapter;
    memory = new TensorMemory(model);
    store = new KeyValueStore(TensorMemory.PAGE, memory);
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ModelConfig config() {
    return model.config();
  }

  @Override
  public void read(List<Feed> feeds) {
    try (TensorScope scope = new TensorScope()) {
      hidden(feeds);
    }
  }

  @Override
  public Tensor logits(List<Feed> feeds) {
    return TensorScope.result(
        () -> {
          Tensor ends = model.tensors().ofIds(Feed.last(feeds));
          return model.logits(hidden(feeds).index_select(0, ends));
        });
  }

  /** After the final norm, of all tokens, (N, C). */
  private Tensor hidden(List<Feed> feeds) {
    Tensors tensors = model.tensors();
    Tensor ids = tensors.ofIds(Feed.ids(feeds, config()));
    TensorMemory.Reading reading = memory.begin(feeds);
    Tensor positions = tensors.ofIds(reading.positions());
    return model.continued(ids, positions, reading.end(), adapter, reading);
  }

  @Override
  public void eachShare(int rows, RowWork work) {
    try (TensorScope scope = new TensorScope()) {
      work.run(0, rows);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
