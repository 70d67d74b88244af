package malt.torch.text.jinja;

import java.util.List;
import java.util.Map;

/** Something a template can call: a macro, a method bound to its object, or a global function. */
@FunctionalInterface
interface Callable {
  Object call(List<Object> arguments, Map<String, Object> named);
}
