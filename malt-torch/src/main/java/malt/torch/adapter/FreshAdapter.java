package malt.torch.adapter;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import malt.ConfigException;
import malt.Seeds;
import malt.torch.tensor.Tensors;
import malt.training.LoraSettings;
import org.bytedeco.pytorch.Tensor;

/**
 * An untrained adapter with PEFT's initial values: A uniform in +-1/sqrt(in) (Kaiming with a =
 * sqrt(5)), B zero; so it changes nothing yet.
 */
public final class FreshAdapter {
  private FreshAdapter() {}

  /**
   * Each module draws from a seed of its own, so its values do not depend on the other targets.
   *
   * @throws ConfigException if the rank is not positive or a target names no module of the base
   */
  public static LoraAdapter of(LoraBase base, LoraSettings settings, long seed) {
    check(base, settings);
    Map<String, LoraAdapter.Pair> pairs = new TreeMap<>();
    base.modulesOf(settings.targets())
        .forEach((module, shape) -> pairs.put(module, pair(base, module, shape, settings, seed)));
    return new LoraAdapter(pairs, settings.scale());
  }

  private static void check(LoraBase base, LoraSettings settings) {
    if (settings.rank() < 1) {
      throw new ConfigException(
          "lora.rank is %d; it must be at least 1".formatted(settings.rank()));
    }
    var unmatched = base.unmatched(settings.targets());
    if (settings.targets().isEmpty() || !unmatched.isEmpty()) {
      throw new ConfigException(
          "lora.targets is %s, of which %s name no linear map of %s; q_proj or down_proj would"
              .formatted(settings.targets(), unmatched, base.name()));
    }
  }

  private static LoraAdapter.Pair pair(
      LoraBase base, String module, LoraBase.Shape shape, LoraSettings settings, long seed) {
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, "lora_A", module));
    double bound = 1 / Math.sqrt((double) shape.in());
    float[] a = new float[Math.toIntExact(settings.rank() * shape.in())];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    float[] b = new float[Math.toIntExact(shape.out() * settings.rank())];
    return new LoraAdapter.Pair(
        tensor(base, a, settings.rank(), shape.in()),
        tensor(base, b, shape.out(), settings.rank()));
  }

  private static Tensor tensor(LoraBase base, float[] values, long rows, long columns) {
    return Tensors.kept(() -> base.tensors().ofFloats(values, rows, columns).to(base.type()));
  }
}
