package malt.torch.text.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Expression {
  Object evaluate(Scope scope);
}
