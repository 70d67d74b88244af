package malt.problem.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import malt.Seeds;
import malt.problem.Rational;

/**
 * Evaluates an expression at one seeded point. Rational arithmetic is exact up to {@value
 * #MAX_BITS} bits, all else has the digits asked for. Every operation is charged to a budget; when
 * it is spent the value is undefined.
 */
final class Evaluator {
  static final int MAX_BITS = 40_000;
  private static final int MAX_FACTORIAL = 3_000;
  private static final int ELEMENTARY = 150;
  private static final int SQUARE_ROOT = 20;

  private final long point;
  private final ComplexMath math;
  private final Budget budget;
  private final int price;

  /**
   * @param point decides the values of the variables
   * @param budget pays for every operation; more digits cost more
   */
  Evaluator(long point, ComplexMath math, Budget budget) {
    this.point = point;
    this.math = math;
    this.budget = budget;
    this.price = math.context().getPrecision() / 40;
  }

  Value evaluate(Node node) throws UndefinedException {
    charge(1);
    if (node instanceof Node.Num n) {
      return exact(n.value());
    } else if (node instanceof Node.Name n) {
      return name(n.name());
    } else if (node instanceof Node.Sum n) {
      Value sum = exact(Rational.ZERO);
      for (Node term : n.terms()) {
        sum = add(sum, evaluate(term));
      }
      return sum;
    } else if (node instanceof Node.Product n) {
      Value product = exact(Rational.ONE);
      for (Node factor : n.factors()) {
        product = multiply(product, evaluate(factor));
      }
      return product;
    } else if (node instanceof Node.Negation n) {
      return multiply(exact(Rational.of(-1)), evaluate(n.operand()));
    } else if (node instanceof Node.Quotient n) {
      return divide(evaluate(n.dividend()), evaluate(n.divisor()));
    } else if (node instanceof Node.Power n) {
      return power(evaluate(n.base()), evaluate(n.exponent()), Constants.isConstant(n.base()));
    } else if (node instanceof Node.Root n) {
      Value inverse = divide(exact(Rational.ONE), evaluate(n.degree()));
      return power(evaluate(n.radicand()), inverse, Constants.isConstant(n.radicand()));
    } else if (node instanceof Node.Call n) {
      return call(n);
    } else if (node instanceof Node.Percent n) {
      return multiply(evaluate(n.operand()), exact(new Rational(BigInteger.ONE, hundred())));
    } else if (node instanceof Node.Quantity n) {
      return evaluate(n.amount());
    }
    throw new UndefinedException("not an expression");
  }

  private static BigInteger hundred() {
    return BigInteger.valueOf(100);
  }

  private void charge(int cost) throws UndefinedException {
    budget.charge(price * cost);
  }

  private Value exact(Rational value) throws UndefinedException {
    int bits = value.bits();
    if (bits > MAX_BITS) {
      throw new UndefinedException("too many digits");
    }
    charge(bits / 256);
    return new Value.Exact(value);
  }

  private static Value approximate(Complex value) {
    return new Value.Approximate(value);
  }

  private Value name(String name) throws UndefinedException {
    return switch (name) {
      case "\\pi" -> approximate(Complex.real(math.real.pi.round(math.context())));
      case "e" -> approximate(Complex.real(math.real.exp(BigDecimal.ONE)));
      case "i" -> approximate(Complex.I);
      default -> variable(name);
    };
  }

  /** A rational in (-8, 8) that is never an integer. */
  private Value variable(String name) throws UndefinedException {
    long draw = Seeds.of(point, name);
    long denominator = 1009;
    long numerator = Math.floorMod(draw, 8 * denominator - 1) + 1;
    if (numerator % denominator == 0) {
      numerator++;
    }
    boolean negative = (draw >>> 40) % 2 == 0;
    return exact(
        new Rational(
            BigInteger.valueOf(negative ? -numerator : numerator),
            BigInteger.valueOf(denominator)));
  }

  private Value add(Value a, Value b) throws UndefinedException {
    if (a instanceof Value.Exact x && b instanceof Value.Exact y) {
      return exact(x.value().plus(y.value()));
    }
    charge(2);
    return approximate(math.add(complex(a), complex(b)));
  }

  private Value multiply(Value a, Value b) throws UndefinedException {
    if (a instanceof Value.Exact x && b instanceof Value.Exact y) {
      return exact(x.value().times(y.value()));
    }
    charge(4);
    return approximate(math.multiply(complex(a), complex(b)));
  }

  private Value divide(Value a, Value b) throws UndefinedException {
    if (a instanceof Value.Exact x && b instanceof Value.Exact y) {
      if (y.value().signum() == 0) {
        throw new UndefinedException("division by zero");
      }
      return exact(x.value().over(y.value()));
    }
    charge(8);
    return approximate(math.divide(complex(a), complex(b)));
  }

  private Complex complex(Value value) {
    return Value.complex(value, math);
  }

  /** A power; an odd root of a negative constant is the real one, as in answers. */
  private Value power(Value base, Value exponent, boolean constant) throws UndefinedException {
    if (!(exponent instanceof Value.Exact e)) {
      charge(ELEMENTARY);
      return approximate(math.power(complex(base), complex(exponent)));
    }
    Rational wanted = e.value();
    if (wanted.isInteger()) {
      return integerPower(base, wanted.numerator());
    }
    if (wanted.denominator().equals(BigInteger.TWO) && wanted.numerator().bitLength() < 12) {
      charge(SQUARE_ROOT);
      return integerPower(approximate(math.sqrt(complex(base))), wanted.numerator());
    }
    charge(ELEMENTARY);
    Complex z = complex(base);
    boolean oddRoot = wanted.denominator().testBit(0);
    if (constant && oddRoot && z.isReal() && z.re().signum() < 0) {
      Complex positive = math.power(z.negate(), complex(exponent));
      return approximate(wanted.numerator().testBit(0) ? positive.negate() : positive);
    }
    return approximate(math.power(z, complex(exponent)));
  }

  private Value integerPower(Value base, BigInteger exponent) throws UndefinedException {
    if (exponent.bitLength() > 20) {
      throw new UndefinedException("too large a power");
    }
    int count = exponent.intValueExact();
    if (base instanceof Value.Exact b
        && (long) Math.abs(count) * Math.max(1, b.value().bits() - 1) > MAX_BITS) {
      throw new UndefinedException("too large a power");
    }
    if (count < 0) {
      return divide(exact(Rational.ONE), integerPower(base, exponent.negate()));
    }
    Value result = exact(Rational.ONE);
    Value square = base;
    for (int left = count; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        result = multiply(result, square);
      }
      if (left > 1) {
        square = multiply(square, square);
      }
    }
    return result;
  }

  private Value call(Node.Call call) throws UndefinedException {
    List<Node> arguments = call.arguments();
    return switch (call.function()) {
      case "!" -> exact(new Rational(factorial(evaluate(arguments.get(0))), BigInteger.ONE));
      case "binom" -> binomial(evaluate(arguments.get(0)), evaluate(arguments.get(1)));
      case "abs" -> abs(evaluate(arguments.get(0)));
      case "floor" -> floor(evaluate(arguments.get(0)), false);
      case "ceil" -> floor(evaluate(arguments.get(0)), true);
      case "log_" -> {
        Value base = evaluate(arguments.get(0));
        yield divide(log(evaluate(arguments.get(1))), log(base));
      }
      case "log" -> divide(log(evaluate(arguments.get(0))), log(exact(Rational.of(10))));
      case "ln" -> log(evaluate(arguments.get(0)));
      case "exp",
          "sin",
          "cos",
          "tan",
          "cot",
          "sec",
          "csc",
          "arcsin",
          "arccos",
          "arctan",
          "sinh",
          "cosh",
          "tanh" ->
          elementary(call.function(), evaluate(arguments.get(0)));
      default -> variable(Printer.print(call));
    };
  }

  private Value log(Value value) throws UndefinedException {
    charge(ELEMENTARY);
    return approximate(math.log(complex(value)));
  }

  private Value elementary(String function, Value argument) throws UndefinedException {
    charge(2 * ELEMENTARY);
    Complex z = complex(argument);
    return approximate(ElementaryFunctions.apply(function, z, math));
  }

  private Value abs(Value value) throws UndefinedException {
    if (value instanceof Value.Exact exact) {
      return exact.value().signum() < 0 ? exact(exact.value().negate()) : value;
    }
    charge(ELEMENTARY);
    return approximate(Complex.real(math.abs(complex(value))));
  }

  private Value floor(Value value, boolean up) throws UndefinedException {
    if (!(value instanceof Value.Exact exact)) {
      throw new UndefinedException("rounding of an approximation");
    }
    Rational x = exact.value();
    BigInteger[] parts = x.numerator().divideAndRemainder(x.denominator());
    int shift = parts[1].signum() > 0 && up ? 1 : parts[1].signum() < 0 && !up ? -1 : 0;
    return exact(new Rational(parts[0].add(BigInteger.valueOf(shift)), BigInteger.ONE));
  }

  private int count(Value value) throws UndefinedException {
    if (value instanceof Value.Exact exact
        && exact.value().isInteger()
        && exact.value().signum() >= 0
        && exact.value().bits() < 31) {
      return exact.value().numerator().intValueExact();
    }
    throw new UndefinedException("not a count");
  }

  private BigInteger factorial(Value value) throws UndefinedException {
    int n = count(value);
    if (n > MAX_FACTORIAL) {
      throw new UndefinedException("too large a factorial");
    }
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= n; i++) {
      product = product.multiply(BigInteger.valueOf(i));
      charge(1 + product.bitLength() / 256);
    }
    return product;
  }

  private Value binomial(Value top, Value bottom) throws UndefinedException {
    int n = count(top);
    int k = Math.min(count(bottom), n - count(bottom));
    BigInteger ways = k < 0 ? BigInteger.ZERO : BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      ways = ways.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
      charge(2 + ways.bitLength() / 128);
      if (ways.bitLength() > MAX_BITS) {
        throw new UndefinedException("too many digits");
      }
    }
    return exact(new Rational(ways, BigInteger.ONE));
  }
}
