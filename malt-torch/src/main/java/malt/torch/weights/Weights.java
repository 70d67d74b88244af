package malt.torch.weights;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.WeightsException;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Named tensors of a checkpoint, memory-mapped where the file's type is the one wanted. Whoever
 * builds a model takes each tensor once; a missing one is an error, and so is one left over.
 */
public final class Weights implements AutoCloseable {
  private final String source;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;
  private final List<MappedByteBuffer> mapped; // must outlive the tensors over it
  private final Set<String> taken = new LinkedHashSet<>();

  private Weights(
      String source,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      List<MappedByteBuffer> mapped) {
    this.source = source;
    this.tensors = tensors;
    this.metadata = metadata;
    this.mapped = mapped;
  }

  /** Wraps tensors made in memory; takes over their ownership. */
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights("memory", new LinkedHashMap<>(tensors), Map.of(), new ArrayList<>());
  }

  /** Opens a safetensors file, converting to {@code type} what is not of it already. */
  public static Weights read(Path file, ScalarType type) {
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(file + " is missing");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header = SafetensorsHeader.read(file, channel);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      List<MappedByteBuffer> mapped = new ArrayList<>();
      for (Map.Entry<String, SafetensorsHeader.Entry> e : header.tensors().entrySet()) {
        SafetensorsHeader.Entry entry = e.getValue();
        MappedByteBuffer bytes =
            channel.map(
                FileChannel.MapMode.READ_ONLY,
                header.dataStart() + entry.begin(),
                entry.end() - entry.begin());
        boolean direct = entry.type() == type;
        if (direct) {
          mapped.add(bytes);
        }
        tensors.put(
            e.getKey(),
            Tensors.kept(
                () -> {
                  Tensor view = Tensors.over(bytes, entry.type(), entry.shape());
                  return direct ? view : view.to(type);
                }));
      }
      return new Weights(file.toString(), tensors, header.metadata(), mapped);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  public Set<String> names() {
    return tensors.keySet();
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /** The shape of the tensor of that name. */
  public long[] shape(String name) {
    return Tensors.shape(tensor(name));
  }

  /** The element type of the tensor of that name. */
  public ScalarType type(String name) {
    return tensor(name).scalar_type().intern();
  }

  /** The tensor of that name. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new WeightsException("%s has no tensor %s".formatted(source, name));
    }
    return tensor;
  }

  /** The tensor of that name, checked against the shape wanted. */
  public Tensor take(String name, long... shape) {
    Tensor tensor = tensor(name);
    long[] found = Tensors.shape(tensor);
    if (!Arrays.equals(found, shape)) {
      throw new WeightsException(
          "%s: tensor %s has shape %s where %s was expected"
              .formatted(source, name, Arrays.toString(found), Arrays.toString(shape)));
    }
    taken.add(name);
    return tensor;
  }

  /** Complains if a tensor was not taken: it would silently change nothing. */
  public void checkAllTaken() {
    Set<String> left = new LinkedHashSet<>(tensors.keySet());
    left.removeAll(taken);
    if (!left.isEmpty()) {
      throw new WeightsException("%s has tensors of no use here: %s".formatted(source, left));
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
    mapped.clear();
  }
}
