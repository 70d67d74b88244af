package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.problem.Rational;

/** Sums and multiples of matrices, entry by entry. */
final class Matrices {
  private Matrices() {}

  /** The matrix that an expression stands for, if it is one. */
  static Optional<Node.Matrix> of(Node node) {
    if (node instanceof Node.Matrix matrix) {
      return Optional.of(matrix);
    } else if (node instanceof Node.Negation negation) {
      return of(negation.operand()).map(m -> scaled(minusOne(), m));
    } else if (node instanceof Node.Sum sum) {
      return sum(sum.terms());
    } else if (node instanceof Node.Product product) {
      return product(product.factors());
    }
    return Optional.empty();
  }

  private static Node minusOne() {
    return new Node.Num(Rational.of(-1), 0);
  }

  private static Optional<Node.Matrix> sum(List<Node> terms) {
    Optional<Node.Matrix> total = of(terms.get(0));
    for (Node term : terms.subList(1, terms.size())) {
      Optional<Node.Matrix> next = of(term);
      if (total.isEmpty() || next.isEmpty() || !sameShape(total.get(), next.get())) {
        return Optional.empty();
      }
      total = Optional.of(added(total.get(), next.get()));
    }
    return total;
  }

  private static Optional<Node.Matrix> product(List<Node> factors) {
    List<Node> scalars = new ArrayList<>();
    Node.Matrix matrix = null;
    for (Node factor : factors) {
      Optional<Node.Matrix> found = of(factor);
      if (found.isPresent() && matrix != null) {
        return Optional.empty();
      }
      if (found.isPresent()) {
        matrix = found.get();
      } else {
        scalars.add(factor);
      }
    }
    return matrix == null
        ? Optional.empty()
        : Optional.of(scaled(new Node.Product(scalars), matrix));
  }

  static boolean sameShape(Node.Matrix a, Node.Matrix b) {
    if (a.rows().size() != b.rows().size()) {
      return false;
    }
    for (int i = 0; i < a.rows().size(); i++) {
      if (a.rows().get(i).size() != b.rows().get(i).size()) {
        return false;
      }
    }
    return true;
  }

  private static Node.Matrix added(Node.Matrix a, Node.Matrix b) {
    List<List<Node>> rows = new ArrayList<>();
    for (int i = 0; i < a.rows().size(); i++) {
      List<Node> row = new ArrayList<>();
      for (int j = 0; j < a.rows().get(i).size(); j++) {
        row.add(new Node.Sum(List.of(a.rows().get(i).get(j), b.rows().get(i).get(j))));
      }
      rows.add(row);
    }
    return new Node.Matrix(rows);
  }

  private static Node.Matrix scaled(Node scalar, Node.Matrix matrix) {
    return new Node.Matrix(
        matrix.rows().stream()
            .map(
                row ->
                    row.stream()
                        .map(entry -> (Node) new Node.Product(List.of(scalar, entry)))
                        .toList())
            .toList());
  }
}
