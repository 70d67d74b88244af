package malt.torch.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import malt.WeightsException;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Named tensors of a checkpoint. In main memory they are mapped where the file's type is the one
 * wanted; pages are read when they are used, and shared between processes. Whoever builds a model
 * takes each tensor once; a missing one is an error, and so is one left over.
 */
public final class Weights implements AutoCloseable {
  private final String source;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;
  private final Set<String> taken = new LinkedHashSet<>();

  private Weights(String source, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.source = source;
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /** Wraps tensors made in memory; takes over their ownership. */
  public static Weights of(Map<String, Tensor> tensors) {
    return new Weights("memory", new LinkedHashMap<>(tensors), Map.of());
  }

  /** The type a tensor is to have, by its type in the file and how many dimensions it has. */
  @FunctionalInterface
  interface Types {
    ScalarType of(ScalarType stored, int dimensions);
  }

  /** Opens a safetensors file, converting to {@code type} what is not of it already. */
  public static Weights read(Path file, ScalarType type) {
    return open(
        file.toString(),
        Map.of(file, SafetensorsHeader.read(file)),
        (stored, dimensions) -> type,
        Tensors.MAIN);
  }

  /** Each tensor goes to its place before the next is read: no more than one is there twice. */
  static Weights open(
      String source, Map<Path, ? extends TensorFile> files, Types types, Tensors place) {
    Weights weights = new Weights(source, new LinkedHashMap<>(), new LinkedHashMap<>());
    try {
      files.forEach((path, file) -> weights.add(path, file, types, place));
      return weights;
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private void add(Path path, TensorFile file, Types types, Tensors place) {
    metadata.putAll(file.metadata());
    try (Tensor bytes = Tensors.kept(() -> Tensors.mapped(path))) {
      file.tensors()
          .forEach(
              (name, entry) -> {
                ScalarType type = types.of(entry.type(), entry.shape().length);
                tensors.put(
                    name, Tensors.kept(() -> place.placed(file.read(bytes, name).to(type))));
              });
    }
  }

  /**
   * Complains of the first tensor that holds NaN or an infinity, which would spread to every
   * output.
   */
  public void checkFinite() {
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (!Tensors.finite(entry.getValue())) {
        throw new WeightsException(
            "%s: tensor %s holds NaN or infinity".formatted(source, entry.getKey()));
      }
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
  }
}
