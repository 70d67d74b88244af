package malt.torch.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.WeightsException;
import malt.torch.tensor.Tensors;
import malt.torch.weights.SafetensorsWriter;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** Adapter directories in the format of PEFT: adapter_config.json, adapter_model.safetensors. */
public final class PeftAdapter {
  static final String FILE = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";
  private static final String FINGERPRINT = "base_fingerprint";
  private static final String TEMPLATE = "chat_template_sha256";

  private PeftAdapter() {}

  /**
   * Loads an adapter of this base. One that states no fingerprint and no template, as PEFT's own
   * files do, is held to the base by its shapes alone.
   *
   * @throws WeightsException if a file is missing, damaged, unsupported or made for another base
   */
  public static LoraAdapter read(Path directory, LoraBase base) {
    PeftConfig config = PeftConfig.read(directory);
    Collection<String> unmatched = base.unmatched(config.targets());
    if (!unmatched.isEmpty()) {
      throw new WeightsException(
          "%s: target_modules %s name no linear map of %s"
              .formatted(directory.resolve(PeftConfig.FILE), unmatched, base.name()));
    }
    Map<String, LoraAdapter.Pair> pairs = new TreeMap<>();
    try (Weights weights = Weights.read(directory.resolve(FILE), base.type())) {
      checkMade(directory, weights, base);
      weights.checkFinite();
      base.modulesOf(config.targets())
          .forEach(
              (module, shape) ->
                  pairs.put(module, takePair(weights, module, shape, config.rank())));
      weights.checkAllTaken();
      pairs.replaceAll(
          (module, pair) -> new LoraAdapter.Pair(copied(base, pair.a()), copied(base, pair.b())));
    }
    return new LoraAdapter(pairs, config.scale());
  }

  private static void checkMade(Path directory, Weights weights, LoraBase base) {
    String stated = weights.metadata().getOrDefault(FINGERPRINT, base.fingerprint());
    if (!stated.equals(base.fingerprint())) {
      throw new WeightsException(
          "%s was trained on another base: its fingerprint is %s, that of %s is %s"
              .formatted(directory, stated, base.name(), base.fingerprint()));
    }
    String template = weights.metadata().getOrDefault(TEMPLATE, base.template());
    if (!template.equals(base.template())) {
      throw new WeightsException(
          "%s was trained with another chat template: its SHA-256 is %s, that of %s is %s"
              .formatted(directory, template, base.name(), base.template()));
    }
  }

  private static LoraAdapter.Pair takePair(
      Weights weights, String module, LoraBase.Shape shape, int rank) {
    return new LoraAdapter.Pair(
        weights.take(nameOfA(module), rank, shape.in()),
        weights.take(nameOfB(module), shape.out(), rank));
  }

  /** A tensor of its own: what was read may be mapped from the file, which nobody may write. */
  private static Tensor copied(LoraBase base, Tensor tensor) {
    return Tensors.kept(() -> base.tensors().copied(tensor));
  }

  private static String nameOfA(String module) {
    return PREFIX + module + ".lora_A.weight";
  }

  private static String nameOfB(String module) {
    return PREFIX + module + ".lora_B.weight";
  }

  /**
   * Writes the adapter to a temporary sibling that is then moved to {@code directory}: complete or
   * absent. An adapter already there is replaced.
   */
  public static void write(Path directory, LoraAdapter adapter, LoraBase base) {
    Path target = directory.toAbsolutePath();
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      deleteAll(part);
      Files.createDirectories(part);
      Files.write(
          part.resolve(PeftConfig.FILE),
          config(adapter, base).json(),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      SafetensorsWriter.write(
          part.resolve(FILE),
          tensors(adapter),
          Map.of("format", "pt", FINGERPRINT, base.fingerprint(), TEMPLATE, base.template()));
      deleteAll(target);
      AtomicFiles.replace(part, target);
    } catch (IOException e) {
      throw new WeightsException("cannot write the adapter %s: %s".formatted(target, e), e);
    }
  }

  /** How an adapter's shape is not that of another, in words; empty where only values differ. */
  public static Optional<String> difference(LoraAdapter found, LoraAdapter wanted) {
    if ((float) found.scale() != (float) wanted.scale()) { // stored as alpha: rounded
      return Optional.of("its scale is %s, not %s".formatted(found.scale(), wanted.scale()));
    }
    SortedSet<String> modules = new TreeSet<>(found.pairs().keySet());
    modules.addAll(wanted.pairs().keySet());
    return modules.stream()
        .filter(module -> rank(found, module) != rank(wanted, module))
        .findFirst()
        .map(
            module ->
                "its rank in %s is %d, not %d"
                    .formatted(module, rank(found, module), rank(wanted, module)));
  }

  /** 0 where it does not change the module. */
  private static long rank(LoraAdapter adapter, String module) {
    LoraAdapter.Pair pair = adapter.pairs().get(module);
    return pair == null ? 0 : pair.a().size(0);
  }

  private static PeftConfig config(LoraAdapter adapter, LoraBase base) {
    SortedSet<String> targets = new TreeSet<>();
    Set<String> modules = adapter.pairs().keySet();
    modules.forEach(module -> targets.add(module.substring(module.lastIndexOf('.') + 1)));
    if (!base.modulesOf(targets).keySet().equals(modules)) { // not in every layer: name each
      targets.clear();
      targets.addAll(modules);
    }
    int rank = Math.toIntExact(adapter.pairs().values().iterator().next().a().size(0));
    // of rsLoRA's alpha / sqrt(rank) the same scale is written in the plain way
    return new PeftConfig(base.name(), rank, adapter.scale() * rank, false, targets);
  }

  private static Map<String, Tensor> tensors(LoraAdapter adapter) {
    Map<String, Tensor> tensors = new TreeMap<>();
    adapter
        .pairs()
        .forEach(
            (module, pair) -> {
              tensors.put(nameOfA(module), pair.a());
              tensors.put(nameOfB(module), pair.b());
            });
    return tensors;
  }

  private static void deleteAll(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
