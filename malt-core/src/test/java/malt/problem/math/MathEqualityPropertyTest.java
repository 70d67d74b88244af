package malt.problem.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pairs that are equal or different by construction, from a fixed seed. */
class MathEqualityPropertyTest {
  private static final int PAIRS_OF_EACH = 2_600;
  private final Random random = new Random(20_241_202);

  /** Two answers and whether they are equal. */
  private record Pair(String a, String b, boolean equal) {}

  private interface Family {
    Pair next();
  }

  private int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private int nonZero(int limit) {
    int value = between(1, limit);
    return random.nextBoolean() ? value : -value;
  }

  /** p/q in one of its spellings. */
  private String ratio(int p, int q) {
    int k = between(1, 9);
    BigDecimal decimal = BigDecimal.valueOf(p).divide(BigDecimal.valueOf(q), 30, RoundingMode.DOWN);
    boolean exact = decimal.multiply(BigDecimal.valueOf(q)).compareTo(BigDecimal.valueOf(p)) == 0;
    return switch (between(0, exact ? 6 : 5)) {
      case 0 -> "\\frac{%d}{%d}".formatted(p, q);
      case 1 -> "\\dfrac{%d}{%d}".formatted(k * p, k * q);
      case 2 -> "%d/%d".formatted(p, q);
      case 3 -> "$ -\\frac{%d}{%d} $".formatted(-p, q);
      case 4 -> "x = \\left(\\tfrac{%d}{%d}\\right)".formatted(p, q);
      case 5 -> "\\frac{%d}{%d} + %d".formatted(p - k * q, q, k);
      default -> decimal.stripTrailingZeros().toPlainString();
    };
  }

  private Pair rationals(boolean equal) {
    int p = nonZero(999);
    int q = between(2, 99);
    int other = equal ? p : p + nonZero(5);
    return new Pair(ratio(p, q), ratio(other, q), equal);
  }

  private Pair surds(boolean equal) {
    int a = nonZero(30);
    int k = between(2, 12);
    int b = List.of(2, 3, 5, 6, 7, 10, 11, 13, 15).get(random.nextInt(9));
    int c = nonZero(50);
    int wrong = equal ? 0 : nonZero(2);
    String left = "%d + %d\\sqrt{%d}".formatted(c, a, k * k * b + wrong);
    String right =
        switch (between(0, 2)) {
          case 0 -> "%d\\sqrt{%d}+%d".formatted(a * k, b, c);
          case 1 -> "%d - \\frac{%d}{\\sqrt{%d}}".formatted(c, -a * k * b, b);
          default -> "\\frac{%d+%d\\sqrt %s}{2}".formatted(2 * c, 2 * a * k, "{" + b + "}");
        };
    return new Pair(left, right, equal);
  }

  private Pair nestedRadicals(boolean equal) {
    int a = between(2, 20);
    int b = between(2, 20);
    if (a == b) {
      b++;
    }
    int wrong = equal ? 0 : 1;
    return new Pair(
        "\\sqrt{%d+2\\sqrt{%d}}".formatted(a + b + wrong, a * b),
        "\\sqrt{%d}+\\sqrt{%d}".formatted(a, b),
        equal);
  }

  private Pair polynomials(boolean equal) {
    int a = nonZero(9);
    int b = nonZero(9);
    int c = nonZero(9);
    int d = nonZero(9);
    int wrong = equal ? 0 : nonZero(3);
    List<String> terms =
        new ArrayList<>(
            List.of(
                "%dx^2".formatted(a * c),
                "%dx".formatted(a * d + b * c),
                "%d".formatted(b * d + wrong)));
    Collections.shuffle(terms, random);
    String expanded = String.join(" + ", terms).replace("+ -", "- ");
    return new Pair("(%dx+%d)(%dx+%d)".formatted(a, b, c, d).replace("+-", "-"), expanded, equal);
  }

  private Pair powers(boolean equal) {
    int n = between(2, 7);
    int a = nonZero(9);
    String square = "(y+%d)^{%d}".formatted(a, 2 * n).replace("+-", "-");
    int wrong = equal ? 0 : nonZero(2);
    return new Pair(
        square, "(y^2+%dy+%d)^%d".formatted(2 * a, a * a + wrong, n).replace("+-", "-"), equal);
  }

  private Pair tuples(boolean equal) {
    int p = nonZero(99);
    int q = between(2, 20);
    int r = nonZero(99);
    String left = "(%s, %d)".formatted(plain(p, q), r);
    String right =
        equal
            ? "\\left(%s,%d \\right)".formatted(plain(3 * p, 3 * q), r)
            : random.nextBoolean() || p == q * r
                ? "(%s, %d)".formatted(plain(p, q), r + 1)
                : "(%d, %s)".formatted(r, plain(p, q));
    return new Pair(left, right, equal);
  }

  private static String plain(int p, int q) {
    return "\\frac{%d}{%d}".formatted(p, q);
  }

  private Pair sets(boolean equal) {
    List<Integer> items = new ArrayList<>();
    for (int i = between(2, 5); i > 0; i--) {
      int item = nonZero(50);
      if (!items.contains(item)) {
        items.add(item);
      }
    }
    List<Integer> others = new ArrayList<>(items);
    Collections.shuffle(others, random);
    if (!equal) {
      others.set(0, 51 + random.nextInt(9));
    }
    return new Pair(set(items), set(others), equal);
  }

  private static String set(List<Integer> items) {
    return items.toString().replace("[", "\\{").replace("]", "\\}");
  }

  private Pair intervals(boolean equal) {
    int low = between(-50, 0);
    int high = between(1, 50);
    boolean closed = random.nextBoolean();
    String left = (closed ? "[" : "(") + low + ", " + high + ")";
    boolean claimed = equal == closed;
    return new Pair(left, "%d %s t < %d".formatted(low, claimed ? "\\le" : "<", high), equal);
  }

  private Pair equations(boolean equal) {
    int a = nonZero(9);
    int b = nonZero(9);
    int c = nonZero(9);
    int k = nonZero(5);
    int wrong = equal ? 0 : nonZero(3);
    return new Pair(
        "%dx + %dy = %d".formatted(a, b, c),
        "%dx + %dy - %d = 0".formatted(k * a, k * b, k * c + wrong).replace("- -", "+ "),
        equal);
  }

  private Pair integers(boolean equal) {
    BigInteger n = new BigInteger(between(20, 200), random).add(BigInteger.TEN);
    String grouped = "%,d".formatted(n);
    return new Pair(
        n.toString(),
        equal ? grouped : "%,d".formatted(n.add(BigInteger.valueOf(nonZero(9)))),
        equal);
  }

  private Pair nearMisses(boolean equal) {
    BigInteger n = new BigInteger(between(20, 80), random).add(BigInteger.TEN);
    BigInteger square = n.multiply(n).add(equal ? BigInteger.ZERO : BigInteger.ONE);
    return new Pair("\\sqrt{%s}".formatted(square), n.toString(), equal);
  }

  private Pair complexNumbers(boolean equal) {
    int a = nonZero(20);
    int b = nonZero(20);
    int norm = a * a + b * b;
    int wrong = equal ? 0 : nonZero(3);
    return new Pair(
        "\\frac{1}{%d%+di}".formatted(a, b),
        "\\frac{%d}{%d}%+di \\cdot \\frac{1}{%d}".formatted(a + wrong, norm, -b, norm),
        equal);
  }

  @Test
  void pairs_are_graded_as_they_were_made() {
    List<Family> families = new ArrayList<>();
    for (boolean equal : new boolean[] {true, false}) {
      families.add(() -> rationals(equal));
      families.add(() -> surds(equal));
      families.add(() -> nestedRadicals(equal));
      families.add(() -> polynomials(equal));
      families.add(() -> powers(equal));
      families.add(() -> tuples(equal));
      families.add(() -> sets(equal));
      families.add(() -> intervals(equal));
      families.add(() -> equations(equal));
      families.add(() -> integers(equal));
      families.add(() -> nearMisses(equal));
      families.add(() -> complexNumbers(equal));
    }
    int pairs = 0;
    List<Pair> falseEqual = new ArrayList<>();
    List<Pair> falseDifferent = new ArrayList<>();
    for (Family family : families) {
      for (int i = 0; i < PAIRS_OF_EACH; i++) {
        Pair pair = family.next();
        pairs++;
        if (MathEquality.equal(pair.a(), pair.b()) != pair.equal()) {
          (pair.equal() ? falseDifferent : falseEqual).add(pair);
        }
      }
    }
    System.out.printf(
        "math equality: %d pairs, %d falsely equal, %d falsely different%n",
        pairs, falseEqual.size(), falseDifferent.size());
    assertThat(pairs).isGreaterThan(50_000);
    assertThat(falseEqual).isEmpty();
    assertThat(falseDifferent).isEmpty();
  }
}
