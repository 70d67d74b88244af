package malt.torch.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro: a function from arguments to text.
 *
 * @param parameters names with their default values, null where there is none
 * @param home the scope it was defined in
 */
record Macro(String name, Map<String, @Nullable Expression> parameters, Statement body, Scope home)
    implements Callable {

  @Override
  public Object call(Arguments given) {
    List<Object> arguments = given.positional();
    Map<String, Object> named = given.named();
    if (arguments.size() > parameters.size() || !parameters.keySet().containsAll(named.keySet())) {
      throw new Refusal("the macro " + name + " was called with arguments it does not take");
    }
    Scope scope = home.inner();
    int position = 0;
    for (Map.Entry<String, @Nullable Expression> parameter : parameters.entrySet()) {
      Object value = named.get(parameter.getKey());
      if (position < arguments.size()) {
        value = arguments.get(position);
      } else if (value == null) {
        Expression otherwise = parameter.getValue();
        value = otherwise == null ? new Undefined(parameter.getKey()) : otherwise.evaluate(scope);
      }
      scope.set(parameter.getKey(), value);
      position++;
    }
    StringBuilder out = new StringBuilder();
    scope.enterCall();
    body.execute(scope, out);
    scope.leaveCall();
    return out.toString();
  }
}
