package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Groups, tuples, intervals, sets and matrices. */
final class BracketParser {
  private static final Set<String> MATRICES =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");

  private final TokenStream in;
  private final AnswerParser answers;

  BracketParser(TokenStream in, AnswerParser answers) {
    this.in = in;
    this.answers = answers;
  }

  /** What stands in brackets, the opening one just read. */
  Node after(String open) throws UnreadableException {
    return switch (open) {
      case "{" -> {
        Node inside = answers.group();
        in.expect("}");
        yield inside;
      }
      case "\\{" -> {
        if (in.take("\\}")) {
          yield new Node.Name("\\emptyset");
        }
        List<Node> items = answers.items();
        in.expect("\\}");
        yield new Node.SetOf(items);
      }
      default -> tuple(open.charAt(0));
    };
  }

  private Node tuple(char open) throws UnreadableException {
    List<Node> items = answers.items();
    char close = in.is(")") ? ')' : ']';
    in.expect(String.valueOf(close));
    boolean matching = open == '(' ? close == ')' : close == ']';
    return items.size() == 1 && matching
        ? items.get(0)
        : new Node.Bracketed(open, close, List.copyOf(items));
  }

  /** A matrix environment, its begin just read. */
  Node matrix(String environment) throws UnreadableException {
    if (environment.equals("array") && in.take("{")) {
      while (!in.take("}")) {
        if (in.next().kind() == Token.Kind.END) {
          throw new UnreadableException("an array without an end");
        }
      }
    }
    String end = "\\end:" + environment;
    List<List<Node>> rows = new ArrayList<>();
    while (!in.take(end)) {
      List<Node> row = new ArrayList<>();
      row.add(answers.list());
      while (in.take("&")) {
        row.add(answers.list());
      }
      rows.add(List.copyOf(row));
      if (!in.take("\\\\") && !in.is(end)) {
        throw new UnreadableException("a matrix that does not end");
      }
    }
    if (environment.equals("vmatrix")) {
      return new Node.Call("det", List.of(new Node.Matrix(rows)));
    }
    if (!MATRICES.contains(environment)) {
      throw new UnreadableException("the environment " + environment);
    }
    return new Node.Matrix(List.copyOf(rows));
  }
}
