package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The functions every template may call. */
final class Globals {
  private static final int MAX_RANGE = 100_000;

  private Globals() {}

  static void define(Scope scope, UnaryOperator<String> strftimeNow) {
    scope.set("namespace", (Callable) arguments -> new Namespace(named("namespace", arguments)));
    scope.set("range", (Callable) Globals::range);
    scope.set(
        "dict",
        (Callable) arguments -> new LinkedHashMap<Object, Object>(named("dict", arguments)));
    scope.set("raise_exception", (Callable) Globals::raise);
    scope.set(
        "strftime_now",
        (Callable)
            arguments -> {
              if (arguments.positional().size() != 1 || !arguments.named().isEmpty()) {
                throw new Refusal("strftime_now takes one format");
              }
              return strftimeNow.apply(Values.toText(arguments.positional().get(0)));
            });
  }

  private static Map<String, Object> named(String function, Arguments arguments) {
    if (!arguments.positional().isEmpty()) {
      throw new Refusal(function + " with arguments that have no name is not supported");
    }
    return arguments.named();
  }

  private static Object range(Arguments given) {
    List<Object> arguments = given.positional();
    if (arguments.isEmpty() || arguments.size() > 3 || !given.named().isEmpty()) {
      throw new Refusal("range takes one to three numbers");
    }
    long start = arguments.size() == 1 ? 0 : Values.integer(arguments.get(0));
    long stop = Values.integer(arguments.get(arguments.size() == 1 ? 0 : 1));
    long step = arguments.size() == 3 ? Values.integer(arguments.get(2)) : 1;
    if (step == 0) {
      throw new Refusal("range with step 0");
    }
    List<Object> items = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      items.add(i);
      if (items.size() > MAX_RANGE) {
        throw new Refusal("a range of more than " + MAX_RANGE + " numbers");
      }
    }
    return items;
  }

  private static Object raise(Arguments given) {
    List<Object> arguments = given.positional();
    throw new Refusal(
        "the template refuses these messages: "
            + (arguments.isEmpty() ? "no reason given" : Values.toText(arguments.get(0))));
  }
}
