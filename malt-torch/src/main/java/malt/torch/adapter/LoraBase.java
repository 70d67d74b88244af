package malt.torch.adapter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import malt.torch.tensor.Device;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Fingerprint;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What adapters must know of the base they fit. Computed once per model: it reads all weights.
 *
 * @param name of the base for people and for PEFT: its directory or public name
 * @param fingerprint see {@link Fingerprint}
 * @param template SHA-256 of the chat template; empty for none
 * @param modules linear maps inside the layers, by name: "model.layers.0.self_attn.q_proj"
 * @param type of the adapters' tensors: float32, whatever the base is held in
 * @param device where they lie
 */
public record LoraBase(
    String name,
    String fingerprint,
    String template,
    SortedMap<String, Shape> modules,
    ScalarType type,
    Device device) {

  /** Weight shape of a linear map: (out, in). */
  public record Shape(long out, long in) {}

  public LoraBase {
    modules = Collections.unmodifiableSortedMap(new TreeMap<>(modules));
  }

  /**
   * In main memory.
   *
   * @param weights as they are stored, so that the fingerprint does not depend on how they are used
   */
  public static LoraBase of(String name, ModelConfig config, Weights weights, String template) {
    SortedMap<String, Shape> modules = new TreeMap<>();
    for (String tensor : weights.names()) {
      long[] shape = weights.shape(tensor);
      if (tensor.startsWith("model.layers.") && shape.length == 2) {
        String module = tensor.substring(0, tensor.length() - ".weight".length());
        modules.put(module, new Shape(shape[0], shape[1]));
      }
    }
    return new LoraBase(
        name,
        Fingerprint.of(config, weights),
        template,
        modules,
        adapterType(weights),
        Device.cpu(0));
  }

  /** The same of a base whose adapters lie elsewhere. */
  public LoraBase on(Device other) {
    return new LoraBase(name, fingerprint, template, modules, type, other);
  }

  /** Makes tensors where the adapters lie. */
  Tensors tensors() {
    return Tensors.on(device);
  }

  /** Sums in 16 bits would lose an optimiser's small steps; 64 bits are for exact comparisons. */
  private static ScalarType adapterType(Weights weights) {
    ScalarType type = weights.type("model.embed_tokens.weight");
    return type == ScalarType.Double ? type : ScalarType.Float;
  }

  /** Modules that a target names, by PEFT's rule: the name is the target or ends in ".target". */
  List<String> modulesOf(String target) {
    List<String> found = new ArrayList<>();
    for (String module : modules.keySet()) {
      if (module.equals(target) || module.endsWith("." + target)) {
        found.add(module);
      }
    }
    return found;
  }

  /** Modules that any of the targets names, sorted. */
  SortedMap<String, Shape> modulesOf(Collection<String> targets) {
    SortedMap<String, Shape> found = new TreeMap<>();
    for (String target : targets) {
      for (String module : modulesOf(target)) {
        found.put(module, modules.get(module));
      }
    }
    return found;
  }

  /** Targets that name no module, sorted. */
  Collection<String> unmatched(Collection<String> targets) {
    Collection<String> unmatched = new TreeSet<>(targets);
    unmatched.removeIf(target -> !modulesOf(target).isEmpty());
    return unmatched;
  }
}
