package malt.torch.decoding;

import java.util.List;
import java.util.stream.Stream;
import malt.torch.adapter.LoraAdapter;
import malt.torch.decoding.PackedModel.Packing;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A way to decode: where, and there how.
 *
 * @param packing of the processor's decoder; null for the one by operations
 */
public record Way(Device device, @Nullable Packing packing) {
  /** The processor's decoder, the other one there, and that one on cards that may be there. */
  public static Stream<Way> all() {
    Stream<Way> packed =
        Stream.of(new Packing(true, 1), new Packing(true, 2), new Packing(false, 3))
            .map(packing -> new Way(Device.cpu(1), packing));
    return Stream.concat(packed, Devices.all().map(device -> new Way(device, null)));
  }

  /** The same with one number of the processor's threads. */
  public static Stream<Way> each() {
    return all().filter(way -> way.packing() == null || way.packing().shards() == 2);
  }

  /** This way where its device is there; else the test is skipped. */
  public Way assumed() {
    return new Way(Devices.assumed(device), packing);
  }

  /** A decoder of a model that lies there. */
  public Decoder decoder(CausalLm model, LoraAdapter adapter) {
    if (packing == null) {
      return new TensorDecoder(model, adapter);
    }
    PackedModel packed = PackedModel.of(model, adapter, packing);
    return new Owning(new PackedDecoder(packed, adapter), packed);
  }

  /** A decoder that is closed with its packed weights. */
  private record Owning(Decoder decoder, PackedModel packed) implements Decoder {
    @Override
    public KeyValueStore store() {
      return decoder.store();
    }

    @Override
    public ModelConfig config() {
      return decoder.config();
    }

    @Override
    public void read(List<Feed> feeds) {
      decoder.read(feeds);
    }

    @Override
    public Tensor logits(List<Feed> feeds) {
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
