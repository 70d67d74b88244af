package malt.torch.decoding;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A way to decode: where, and there how.
 *
 * @param packing of the processor's decoder; null for the one by operations
 */
public record Way(Device device, PackedModel.@Nullable Packing packing) {
  private static final Device PROCESSOR = Device.cpu(1);

  /** The processor's decoder, the other one there, and that one on cards that may be there. */
  public static Stream<Way> all() {
    Stream<Way> packed =
        Stream.of(
                new PackedModel.Packing(true, 1),
                new PackedModel.Packing(true, 2),
                new PackedModel.Packing(false, 3))
            .map(packing -> new Way(PROCESSOR, packing));
    return Stream.concat(packed, Devices.all().map(device -> new Way(device, null)));
  }

  /** Two of the processor, and those on cards. */
  public static Stream<Way> each() {
    return all().filter(way -> way.packing() == null || way.packing().shards() == 2);
  }

  /** This way where its device is there; else the test is skipped. */
  public Way assumed() {
    Device there = Devices.assumed(device);
    return new Way(there, packing);
  }

  /** Makes tensors there. */
  public Tensors tensors() {
    return Tensors.on(device);
  }

  /** The same model there; takes over that of main memory. */
  public CausalLm placed(CausalLm model) {
    if (device.isProcessor()) {
      return model;
    }
    try (model) {
      Map<String, Tensor> there = new LinkedHashMap<>();
      for (String name : model.weights().names()) {
        there.put(name, Tensors.kept(() -> tensors().copied(model.weights().tensor(name))));
      }
      return CausalLm.of(model.config(), Weights.of(there));
    }
  }

  /** The same adapter there; takes over that of main memory. */
  public LoraAdapter placed(LoraAdapter adapter) {
    try (adapter) {
      Map<String, LoraAdapter.Pair> there = new LinkedHashMap<>();
      adapter
          .pairs()
          .forEach(
              (name, pair) ->
                  there.put(
                      name,
                      new LoraAdapter.Pair(
                          Tensors.kept(() -> tensors().copied(pair.a())),
                          Tensors.kept(() -> tensors().copied(pair.b())))));
      return new LoraAdapter(there, adapter.scale());
    }
  }

  /** A decoder of a model that lies there, closed with what it was made of. */
  public Decoder decoder(CausalLm model, LoraAdapter adapter) {
    if (packing == null) {
      return new TensorDecoder(model, adapter);
    }
    PackedModel packed = PackedModel.of(model, adapter, packing);
    Decoder decoder = new PackedDecoder(packed, adapter);
    return new Closing(decoder, packed);
  }

  private record Closing(Decoder decoder, PackedModel packed) implements Decoder {
    @Override
    public KeyValueStore store() {
      return decoder.store();
    }

    @Override
    public malt.torch.weights.ModelConfig config() {
      return decoder.config();
    }

    @Override
    public void read(java.util.List<Feed> feeds) {
      decoder.read(feeds);
    }

    @Override
    public Tensor logits(java.util.List<Feed> feeds) {
      return decoder.logits(feeds);
    }

    @Override
    public void eachShare(int rows, RowWork work) {
      decoder.eachShare(rows, work);
    }

    @Override
    public void close() {
      decoder.close();
      packed.close();
    }
  }

  @Override
  public String toString() {
    return packing == null ? "by operations on " + device : packing.toString();
  }
}
