package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama: the
 * pair of dimension i is i + D/2. Tables grow with the longest sequence seen.
 */
final class Rotary implements AutoCloseable {
  private final RotaryTable.Growing angles;
  private final int half; // of a head
  private final Tensors place;
  private final List<Tables> tables = new ArrayList<>(); // old ones may be in use on other threads

  /**
   * @param place where the tables lie
   */
  Rotary(ModelConfig config, ModelConfig.Sight sight, Tensors place) {
    angles = new RotaryTable.Growing(config, sight);
    half = config.headSize() / 2;
    this.place = place;
    tables.add(Tables.of(angles.upTo(0), half, place));
  }

  /**
   * @param cos (positions, D)
   * @param sin (positions, D), its first half negated, so that rotation is x cos + swap(x) sin
   */
  private record Tables(Tensor cos, Tensor sin, int positions) {
    static Tables of(RotaryTable table, int half, Tensors place) {
      float[] cos = new float[table.positions() * half * 2];
      float[] sin = new float[table.positions() * half * 2];
      for (int position = 0; position < table.positions(); position++) {
        for (int i = 0; i < half; i++) {
          int at = position * half * 2 + i;
          cos[at] = cos[at + half] = table.cos()[position * half + i];
          sin[at + half] = table.sin()[position * half + i];
          sin[at] = -sin[at + half];
        }
      }
      return new Tables(
          Tensors.kept(() -> place.ofFloats(cos, table.positions(), 2L * half)),
          Tensors.kept(() -> place.ofFloats(sin, table.positions(), 2L * half)),
          table.positions());
    }
  }

  private synchronized Tables tables(long positions) {
    Tables last = tables.get(tables.size() - 1);
    if (positions > last.positions()) {
      last = Tables.of(angles.upTo(positions), half, place);
      tables.add(last);
    }
    return last;
  }

  /**
   * The angles at positions (N), of heads (B, heads, N, D).
   *
   * @param end all positions are below it
   * @param type of what is rotated
   */
  Angles at(Tensor positions, long end, ScalarType type) {
    Tables all = tables(end);
    return new Angles(
        torch.embedding(all.cos(), positions).to(type),
        torch.embedding(all.sin(), positions).to(type));
  }

  /** The angles at positions 0 to T - 1, of heads (B, heads, T, D). */
  Angles upTo(long end, ScalarType type) {
    Tables all = tables(end);
    return new Angles(all.cos().narrow(0, 0, end).to(type), all.sin().narrow(0, 0, end).to(type));
  }

  /** Tables for one forward, (N, 1, D) or (T, D). */
  record Angles(Tensor cos, Tensor sin) {
    /** The same of heads (N, heads, D). */
    Angles ofRows() {
      return new Angles(cos.unsqueeze(1), sin.unsqueeze(1));
    }

    /** Rotates x (N, H, D) or (B, H, T, D). */
    Tensor rotate(Tensor x) {
      long half = x.size(-1) / 2;
      Tensor swapped = torch.roll(x, new long[] {half}, -1);
      return torch.addcmul(x.mul(cos), swapped, sin);
    }

    /** Rotates the other way, which is the backward too. */
    Tensor rotatedBack(Tensor x) {
      return new Angles(cos, sin.neg()).rotate(x);
    }
  }

  @Override
  public void close() {
    for (Tables each : tables) {
      each.cos().close();
      each.sin().close();
    }
  }
}
