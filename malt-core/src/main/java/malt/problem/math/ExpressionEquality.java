package malt.problem.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import malt.problem.Rational;

/**
 * Equality of expressions by evaluation at seeded points. Exact values are compared exactly.
 * Approximate ones count as equal if their difference vanishes as the precision grows: at 80 digits
 * it must be 25 orders of magnitude below what it is at 40, or 60 below the values themselves.
 */
final class ExpressionEquality {
  static final ComplexMath COARSE = new ComplexMath(40);
  private static final ComplexMath FINE = new ComplexMath(80);
  private static final int POINTS = 4;
  private static final int SIGNIFICANT = 10;
  private static final BigDecimal ROUNDED = new BigDecimal("1e-10");

  /** What {@code left = factor * right} gave at the points. */
  enum Proportion {
    NONE,
    POSITIVE,
    NEGATIVE
  }

  private final Budget budget = new Budget();

  boolean equal(Node a, Node b) {
    boolean constant = Constants.isConstant(a) && Constants.isConstant(b);
    int points = constant ? 1 : POINTS;
    int agreed = 0;
    for (int point = 1; point <= points; point++) {
      Optional<Value> x = value(a, point, COARSE);
      Optional<Value> y = value(b, point, COARSE);
      if (x.isEmpty() && y.isEmpty()) {
        continue;
      }
      if (x.isEmpty() || y.isEmpty() || !same(a, b, x.get(), y.get(), point)) {
        return constant
            && x.isPresent()
            && y.isPresent()
            && (isRounding(a, x.get(), b, y.get()) || isRounding(b, y.get(), a, x.get()));
      }
      agreed++;
    }
    return agreed > points / 2;
  }

  /** The value of an expression at a point, if it has one within the limits. */
  Optional<Value> value(Node node, long point) {
    return value(node, point, COARSE);
  }

  private Optional<Value> value(Node node, long point, ComplexMath math) {
    try {
      return Optional.of(new Evaluator(point, math, budget).evaluate(node));
    } catch (UndefinedException e) {
      return Optional.empty();
    }
  }

  private boolean same(Node a, Node b, Value x, Value y, long point) {
    if (x instanceof Value.Exact p && y instanceof Value.Exact q) {
      return p.value().equals(q.value());
    }
    Complex coarse = COARSE.subtract(Value.complex(x, COARSE), Value.complex(y, COARSE));
    BigDecimal size = Value.complex(x, COARSE).size().max(Value.complex(y, COARSE).size());
    if (coarse.size().compareTo(size.scaleByPowerOfTen(-15)) > 0
        && coarse.size().compareTo(BigDecimal.ONE.scaleByPowerOfTen(-30)) > 0) {
      return false;
    }
    Optional<Value> p = value(a, point, FINE);
    Optional<Value> q = value(b, point, FINE);
    if (p.isEmpty() || q.isEmpty()) {
      return false;
    }
    Complex u = Value.complex(p.get(), FINE);
    Complex v = Value.complex(q.get(), FINE);
    BigDecimal fine = FINE.subtract(u, v).size();
    return fine.signum() == 0
        || fine.compareTo(u.size().max(v.size()).scaleByPowerOfTen(-60)) <= 0
        || fine.compareTo(coarse.size().scaleByPowerOfTen(-25)) <= 0;
  }

  /** Whether {@code a} is a decimal of many digits that rounds {@code b}, which has no end. */
  private static boolean isRounding(Node a, Value x, Node b, Value y) {
    Node number = a instanceof Node.Negation negation ? negation.operand() : a;
    if (!(number instanceof Node.Num decimal) || decimal.significant() < SIGNIFICANT) {
      return false;
    }
    if (b instanceof Node.Num || (y instanceof Value.Exact exact && terminates(exact.value()))) {
      return false;
    }
    Complex u = Value.complex(x, COARSE);
    Complex v = Value.complex(y, COARSE);
    BigDecimal limit = v.size().multiply(ROUNDED);
    return COARSE.subtract(u, v).size().compareTo(limit) <= 0;
  }

  private static boolean terminates(Rational value) {
    BigInteger rest = value.denominator().shiftRight(value.denominator().getLowestSetBit());
    BigInteger five = BigInteger.valueOf(5);
    while (rest.mod(five).signum() == 0) {
      rest = rest.divide(five);
    }
    return rest.equals(BigInteger.ONE);
  }

  /**
   * Whether one expression is the other times a constant other than zero: then they have the same
   * roots, and with a positive factor the same sign.
   */
  Proportion proportion(Node a, Node b) {
    Optional<Value> first = value(a, 1);
    Optional<Value> other = value(b, 1);
    if (first.isEmpty() || other.isEmpty()) {
      return Proportion.NONE;
    }
    if (!(first.get() instanceof Value.Exact x && other.get() instanceof Value.Exact y)
        || x.value().signum() == 0
        || y.value().signum() == 0) {
      return signed(a, b);
    }
    Rational factor = x.value().over(y.value());
    for (int point = 2; point <= POINTS; point++) {
      Optional<Value> left = value(a, point);
      Optional<Value> right = value(b, point);
      if (left.isEmpty()
          || right.isEmpty()
          || !(left.get() instanceof Value.Exact p && right.get() instanceof Value.Exact q)
          || !p.value().equals(q.value().times(factor))) {
        return Proportion.NONE;
      }
    }
    return factor.signum() > 0 ? Proportion.POSITIVE : Proportion.NEGATIVE;
  }

  /** Irrational expressions are only compared up to their sign. */
  private Proportion signed(Node a, Node b) {
    if (equal(a, b)) {
      return Proportion.POSITIVE;
    }
    return equal(a, new Node.Negation(b)) ? Proportion.NEGATIVE : Proportion.NONE;
  }
}
