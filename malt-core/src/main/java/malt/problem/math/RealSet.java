package malt.problem.math;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of real numbers: a finite union of intervals and points, as the cuts of the line where it
 * begins and ends, in ascending order and by turns.
 */
record RealSet(List<Cut> cuts) {
  private static final BigDecimal NEAR = new BigDecimal("1e-30");

  static final RealSet EMPTY = new RealSet(List.of());
  static final RealSet LINE = new RealSet(List.of(Cut.infinite(-1), Cut.infinite(1)));

  RealSet {
    cuts = List.copyOf(cuts);
  }

  /**
   * A place between points of the line.
   *
   * @param infinite -1 and 1 before and behind all points, else 0
   * @param point what it lies beside; null where infinite
   * @param value of the point
   * @param after whether it lies right behind the point, else right before it
   */
  record Cut(int infinite, @Nullable Node point, BigDecimal value, boolean after)
      implements Comparable<Cut> {
    static Cut infinite(int sign) {
      return new Cut(sign, null, BigDecimal.ZERO, false);
    }

    @Override
    public int compareTo(Cut other) {
      if (infinite != 0 || other.infinite != 0) {
        return Integer.compare(infinite, other.infinite);
      }
      int order = order(value, other.value);
      return order != 0 ? order : Boolean.compare(after, other.after);
    }

    private boolean isSame(Cut other, ExpressionEquality expressions) {
      return infinite == other.infinite
          && after == other.after
          && (point == null
              ? other.point == null
              : other.point != null && expressions.equal(point, other.point));
    }
  }

  private interface Rule {
    boolean in(boolean first, boolean second);
  }

  /** Compares values of 40 digits; those that agree in 30 are taken for one. */
  static int order(BigDecimal a, BigDecimal b) {
    BigDecimal limit = a.abs().max(b.abs()).multiply(NEAR);
    return a.subtract(b).abs().compareTo(limit) <= 0 ? 0 : a.compareTo(b);
  }

  /** From one cut to a later one; empty if it is not later. */
  static Optional<RealSet> between(Cut low, Cut high) {
    return low.compareTo(high) < 0
        ? Optional.of(new RealSet(List.of(low, high)))
        : Optional.empty();
  }

  RealSet union(RealSet other) {
    return combined(other, (a, b) -> a || b);
  }

  RealSet intersection(RealSet other) {
    return combined(other, (a, b) -> a && b);
  }

  RealSet without(RealSet other) {
    return combined(other, (a, b) -> a && !b);
  }

  private RealSet combined(RealSet other, Rule rule) {
    TreeSet<Cut> all = new TreeSet<>(cuts);
    all.addAll(other.cuts);
    List<Cut> combined = new ArrayList<>();
    boolean inside = false;
    for (Cut cut : all) {
      boolean now = rule.in(begins(cut), other.begins(cut));
      if (now != inside) {
        combined.add(cut);
        inside = now;
      }
    }
    return new RealSet(combined);
  }

  /** Whether the set holds what lies right behind a cut. */
  private boolean begins(Cut cut) {
    boolean inside = false;
    for (Cut mine : cuts) {
      if (mine.compareTo(cut) > 0) {
        break;
      }
      inside = !inside;
    }
    return inside;
  }

  /** Whether the two have the same ends, exactly. */
  boolean isSame(RealSet other, ExpressionEquality expressions) {
    if (cuts.size() != other.cuts.size()) {
      return false;
    }
    for (int i = 0; i < cuts.size(); i++) {
      if (!cuts.get(i).isSame(other.cuts.get(i), expressions)) {
        return false;
      }
    }
    return true;
  }
}
