package malt.torch.text.jinja;

import java.util.List;

/** The {@code loop} variable of a for statement. */
record Loop(List<Object> items, int index0, int depth0) {
  Object attribute(String name) {
    return switch (name) {
      case "index" -> index0 + 1L;
      case "index0" -> (long) index0;
      case "revindex" -> (long) items.size() - index0;
      case "revindex0" -> items.size() - index0 - 1L;
      case "first" -> index0 == 0;
      case "last" -> index0 == items.size() - 1;
      case "length" -> (long) items.size();
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" -> index0 == 0 ? new Undefined("loop.previtem") : items.get(index0 - 1);
      case "nextitem" ->
          index0 == items.size() - 1 ? new Undefined("loop.nextitem") : items.get(index0 + 1);
      default -> throw new Refusal("loop." + name + " is not supported");
    };
  }
}
