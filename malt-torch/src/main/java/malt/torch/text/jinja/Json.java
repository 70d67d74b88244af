package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Python's {@code json.dumps} as transformers sets it up for {@code tojson}: no HTML escapes.
 *
 * @param indent spaces per level; below 0 all on one line
 */
record Json(int indent, String itemMark, String keyMark, boolean ensureAscii, boolean sortKeys) {

  static Json of(Arguments arguments) {
    Object indent = arguments.get(0, "indent", None.NONE);
    int spaces = indent instanceof None ? -1 : (int) Values.integer(indent);
    String itemMark = spaces < 0 ? ", " : ",";
    String keyMark = ": ";
    Object separators = arguments.get(1, "separators", None.NONE);
    if (separators instanceof List<?> marks && marks.size() == 2) {
      itemMark = Values.toText(marks.get(0));
      keyMark = Values.toText(marks.get(1));
    } else if (!(separators instanceof None)) {
      throw new Refusal("tojson needs two separators");
    }
    return new Json(
        spaces,
        itemMark,
        keyMark,
        arguments.flag(2, "ensure_ascii"),
        arguments.flag(3, "sort_keys"));
  }

  String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.toString();
  }

  private void write(Object value, StringBuilder out, int level) {
    if (value instanceof String || value instanceof Markup) {
      quote(Values.toText(value), out);
    } else if (value instanceof None) {
      out.append("null");
    } else if (value instanceof Boolean || value instanceof Long) {
      out.append(value);
    } else if (value instanceof Double number) {
      out.append(Values.real(number));
    } else if (value instanceof List<?> list) {
      writeItems(list.iterator(), "[", "]", out, level);
    } else if (value instanceof Map<?, ?> map) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
      if (sortKeys) {
        entries.sort(Comparator.comparing(Map.Entry::getKey, Operators::order));
      }
      writeItems(entries.iterator(), "{", "}", out, level);
    } else {
      throw value instanceof Undefined undefined
          ? undefined.refusal()
          : new Refusal("tojson of a " + Values.typeName(value) + " is not supported");
    }
  }

  private void writeItems(
      Iterator<?> items, String open, String close, StringBuilder out, int level) {
    out.append(open);
    boolean any = items.hasNext();
    while (items.hasNext()) {
      newLine(out, level + 1);
      Object item = items.next();
      if (item instanceof Map.Entry<?, ?> entry) {
        if (!(entry.getKey() instanceof String key)) {
          throw new Refusal("tojson of a mapping whose keys are not strings is not supported");
        }
        quote(key, out);
        out.append(keyMark);
        write(entry.getValue(), out, level + 1);
      } else {
        write(item, out, level + 1);
      }
      if (items.hasNext()) {
        out.append(itemMark);
      }
    }
    if (any) {
      newLine(out, level);
    }
    out.append(close);
  }

  private void newLine(StringBuilder out, int level) {
    if (indent >= 0) {
      out.append('\n').append(" ".repeat(indent * level));
    }
  }

  private void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escape = "\"\\\n\r\t\f\b".indexOf(c);
      if (escape >= 0) {
        out.append('\\').append("\"\\nrtfb".charAt(escape));
      } else if (c < 0x20 || (ensureAscii && c > 0x7e)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
