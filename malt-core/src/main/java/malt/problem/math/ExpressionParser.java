package malt.problem.math;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import malt.problem.Rational;
import malt.problem.math.Token.Kind;

/** Sums, products and powers, by recursive descent. */
final class ExpressionParser {
  private static final int MAX_DIGITS = 1_000;
  private static final int MAX_WORDS = 3;

  private final TokenStream in;
  private final AtomParser atoms;

  ExpressionParser(TokenStream in, AnswerParser answers) {
    this.in = in;
    this.atoms = new AtomParser(in, answers, this);
  }

  Node sum() throws UnreadableException {
    in.enter();
    Node left;
    if (in.is("\\pm") || in.is("\\mp")) {
      left = plusMinus(number("0"));
    } else {
      left = product();
    }
    while (in.is("+") || in.is("-") || in.is("\\pm") || in.is("\\mp")) {
      if (in.is("\\pm") || in.is("\\mp")) {
        left = plusMinus(left);
      } else {
        boolean minus = in.next().is("-");
        Node right = product();
        left = add(left, minus ? new Node.Negation(right) : right);
      }
    }
    in.leave();
    return left;
  }

  private Node plusMinus(Node left) throws UnreadableException {
    boolean plus = in.next().is("\\pm");
    return new Node.PlusMinus(left, plus, product());
  }

  private static Node add(Node left, Node right) {
    List<Node> terms = new ArrayList<>();
    if (left instanceof Node.Sum sum) {
      terms.addAll(sum.terms());
    } else {
      terms.add(left);
    }
    terms.add(right);
    return new Node.Sum(terms);
  }

  Node product() throws UnreadableException {
    Node left = signed();
    while (true) {
      if (in.take("*") || in.take("\\cdot") || in.take("\\times") || in.take("\\ast")) {
        left = times(left, signed());
      } else if (in.take("/") || in.take("\\div")) {
        left = new Node.Quotient(left, signed());
      } else if (in.is(Kind.WORDS)) {
        left = quantity(left);
      } else if (atoms.startsHere()) {
        if (left instanceof Node.Quantity) {
          throw new UnreadableException("an expression after a unit");
        }
        boolean spaced = in.peek().spaced();
        if (in.is(Kind.NUMBER) && endsInNumber(left) && !isFractionNext()) {
          throw new UnreadableException("two numbers side by side");
        }
        Node right = power();
        left = isMixed(left, right, spaced) ? mixed(left, right) : times(left, right);
      } else {
        return left;
      }
    }
  }

  private static boolean endsInNumber(Node left) {
    return left instanceof Node.Num
        || (left instanceof Node.Product product
            && product.factors().get(product.factors().size() - 1) instanceof Node.Num);
  }

  private boolean isFractionNext() {
    return in.peek(1).is("/") && in.peek(2).kind() == Kind.NUMBER;
  }

  private Node quantity(Node amount) throws UnreadableException {
    if (amount instanceof Node.Quantity named && named.unit().split(" ", -1).length > MAX_WORDS) {
      throw new UnreadableException("a sentence after an expression");
    }
    String unit = in.next().text();
    if (!Constants.isConstant(amount)) {
      throw new UnreadableException("words after an expression");
    }
    if (in.is("^")) {
      in.next();
      unit += "^" + Printer.print(atoms.argument());
    }
    if (amount instanceof Node.Quantity more) {
      return new Node.Quantity(more.amount(), more.unit() + " " + unit);
    }
    return new Node.Quantity(amount, unit);
  }

  private static Node times(Node left, Node right) {
    List<Node> factors = new ArrayList<>();
    if (left instanceof Node.Product product) {
      factors.addAll(product.factors());
    } else {
      factors.add(left);
    }
    factors.add(right);
    return new Node.Product(factors);
  }

  /** A whole number right before a proper fraction, as in 918\frac{1}{2} or 1 1/2. */
  private boolean isMixed(Node left, Node right, boolean spaced) {
    if (!(left instanceof Node.Num whole) || !whole.value().isInteger()) {
      return false;
    }
    if (right instanceof Node.Num && spaced && in.is("/") && in.peek(1).kind() == Kind.NUMBER) {
      return true;
    }
    return right instanceof Node.Quotient fraction
        && fraction.dividend() instanceof Node.Num top
        && fraction.divisor() instanceof Node.Num bottom
        && top.value().isInteger()
        && bottom.value().isInteger()
        && top.value().signum() >= 0
        && top.value().compareTo(bottom.value()) < 0;
  }

  private Node mixed(Node whole, Node fraction) throws UnreadableException {
    Node part = fraction;
    if (fraction instanceof Node.Num && in.take("/")) {
      part = new Node.Quotient(fraction, power());
    }
    return new Node.Sum(List.of(whole, part));
  }

  private Node signed() throws UnreadableException {
    if (in.take("+")) {
      return signed();
    }
    if (in.take("-")) {
      in.enter();
      Node operand = signed();
      in.leave();
      return new Node.Negation(operand);
    }
    return power();
  }

  /** An atom with what follows it: powers, factorials, percent signs. */
  Node power() throws UnreadableException {
    Node base = atoms.atom();
    while (true) {
      if (in.take("^")) {
        base = new Node.Power(base, exponent());
      } else if (in.take("!")) {
        base = new Node.Call("!", List.of(base));
        if (in.is("!")) {
          throw new UnreadableException("a double factorial");
        }
      } else if (in.take("%")) {
        base = new Node.Percent(base);
      } else {
        return base;
      }
    }
  }

  private Node exponent() throws UnreadableException {
    in.enter();
    Node exponent;
    if (in.take("-")) {
      exponent = new Node.Negation(exponent());
    } else if (in.is("{")) {
      exponent = atoms.argument();
    } else {
      exponent = atoms.atom();
      if (in.take("^")) {
        exponent = new Node.Power(exponent, exponent());
      }
    }
    in.leave();
    return exponent;
  }

  /** A NUMBER token; "0.1(6" is 0.1666... */
  static Node number(String digits) throws UnreadableException {
    if (digits.length() > MAX_DIGITS) {
      throw new UnreadableException("too many digits");
    }
    int repetend = digits.indexOf('(');
    if (repetend >= 0) {
      return repeating(digits.substring(0, repetend), digits.substring(repetend + 1));
    }
    BigDecimal value = new BigDecimal(digits);
    int significant = digits.contains(".") ? Math.max(1, value.precision()) : 0;
    return new Node.Num(Rational.of(value), significant);
  }

  private static Node repeating(String head, String repetend) {
    String plain = head.endsWith(".") ? head + "0" : head;
    int places = head.length() - head.indexOf('.') - 1;
    BigDecimal nines = BigDecimal.TEN.pow(repetend.length()).subtract(BigDecimal.ONE);
    Rational tail =
        Rational.of(new BigDecimal(repetend))
            .over(Rational.of(nines.multiply(BigDecimal.TEN.pow(places))));
    return new Node.Num(Rational.of(new BigDecimal(plain)).plus(tail), 0);
  }
}
