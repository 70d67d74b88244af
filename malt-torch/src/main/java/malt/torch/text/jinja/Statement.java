package malt.torch.text.jinja;

import java.util.List;

/** A compiled statement: writes its text, and says how control goes on. */
@FunctionalInterface
interface Statement {
  /** Where control goes after a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow execute(Scope scope, StringBuilder out);

  /** Statements in order; what fails inside is reported with the line of its statement. */
  static Statement sequence(List<Statement> statements, List<Integer> lines) {
    return (scope, out) -> {
      for (int i = 0; i < statements.size(); i++) {
        try {
          Flow flow = statements.get(i).execute(scope, out);
          if (flow != Flow.NEXT) {
            return flow;
          }
        } catch (Refusal refusal) {
          throw new TemplateException(String.valueOf(refusal.getMessage()), lines.get(i));
        }
      }
      return Flow.NEXT;
    };
  }
}
