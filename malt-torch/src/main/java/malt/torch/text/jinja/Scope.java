package malt.torch.text.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Variables by name; a loop body, a macro body and a block assignment open an inner scope. */
final class Scope {
  private static final int MAX_DEPTH = 200;

  private final @Nullable Scope outer;
  private final int depth;
  private final AtomicInteger calls;
  private final Map<String, Object> variables = new HashMap<>();

  Scope(@Nullable Scope outer) {
    this.outer = outer;
    this.depth = outer == null ? 0 : outer.depth + 1;
    this.calls = outer == null ? new AtomicInteger() : outer.calls;
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Undefined(name);
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Scope inner() {
    if (depth >= MAX_DEPTH) {
      throw new Refusal("more than " + MAX_DEPTH + " nested scopes are not supported");
    }
    return new Scope(this);
  }

  /** Enters a macro, from wherever it is called; to be paired with {@link #leaveCall}. */
  void enterCall() {
    if (calls.incrementAndGet() > MAX_DEPTH) {
      throw new Refusal("more than " + MAX_DEPTH + " nested macro calls are not supported");
    }
  }

  void leaveCall() {
    calls.decrementAndGet();
  }
}
