package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A for statement. What its body sets is forgotten after each turn.
 *
 * @param filter keeps the items for which it is true; null keeps all
 * @param none runs where no item is left
 */
record ForLoop(
    List<String> targets,
    Expression items,
    @Nullable Expression filter,
    Statement body,
    Statement none)
    implements Statement {

  @Override
  public Flow execute(Scope scope, StringBuilder out) {
    List<Object> kept = kept(scope);
    if (kept.isEmpty()) {
      return none.execute(scope.inner(), out);
    }
    int depth = scope.get("loop") instanceof Loop outer ? outer.depth0() + 1 : 0;
    for (int i = 0; i < kept.size(); i++) {
      Scope inner = scope.inner();
      inner.set("loop", new Loop(kept, i, depth));
      Values.assign(inner, targets, kept.get(i));
      if (body.execute(inner, out) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private List<Object> kept(Scope scope) {
    List<Object> all = Values.iterate(items.evaluate(scope));
    if (filter == null) {
      return List.copyOf(all);
    }
    List<Object> kept = new ArrayList<>();
    for (Object item : all) {
      Scope inner = scope.inner();
      Values.assign(inner, targets, item);
      if (Values.isTrue(filter.evaluate(inner))) {
        kept.add(item);
      }
    }
    return kept;
  }
}
