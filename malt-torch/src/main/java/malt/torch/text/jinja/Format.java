package malt.torch.text.jinja;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code str.format} for plain fields: {}, {0} and {name}. */
final class Format {
  private static final Pattern FIELD = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");

  private Format() {}

  static String apply(String format, Arguments arguments) {
    List<Object> positional = arguments.positional();
    StringBuilder out = new StringBuilder();
    Matcher matcher = FIELD.matcher(format);
    int copied = 0;
    int next = 0;
    while (matcher.find()) {
      out.append(format, copied, matcher.start());
      copied = matcher.end();
      String field = matcher.group(1);
      if (field == null) {
        if (matcher.group().length() == 1) {
          throw new Refusal("the format \"" + format + "\" is not supported");
        }
        out.append(matcher.group().charAt(0));
      } else {
        int index =
            field.isEmpty() ? next++ : field.matches("\\d{1,4}") ? Integer.parseInt(field) : -1;
        Object value =
            index < 0
                ? arguments.named().get(field)
                : index < positional.size() ? positional.get(index) : null;
        if (value == null) {
          throw new Refusal("the field {" + field + "} of a format is not supported or not given");
        }
        out.append(Values.toText(value));
      }
    }
    return out.append(format, copied, format.length()).toString();
  }
}
