package malt.torch.text.jinja;

/** Something a template can call: a macro, a method bound to its object, or a global function. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
