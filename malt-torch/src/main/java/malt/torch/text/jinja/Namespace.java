package malt.torch.text.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace(...)}: the one object whose attributes a template may set. */
final class Namespace {
  private final Map<String, Object> attributes;

  Namespace(Map<String, Object> attributes) {
    this.attributes = new LinkedHashMap<>(attributes);
  }

  Object get(String name) {
    Object value = attributes.get(name);
    return value == null ? new Undefined(name) : value;
  }

  void set(String name, Object value) {
    attributes.put(name, value);
  }
}
