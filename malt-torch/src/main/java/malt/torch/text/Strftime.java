package malt.torch.text;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import malt.torch.text.jinja.TemplateException;

/** C's strftime for a day at midnight, in English. */
final class Strftime {
  private Strftime() {}

  static String format(String pattern, LocalDate day) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      boolean bare = pattern.startsWith("-", i + 1);
      i += bare ? 2 : 1;
      String field = field(i < pattern.length() ? pattern.charAt(i) : ' ', pattern, day);
      out.append(bare ? field.replaceFirst("^0+(?=.)", "") : field);
    }
    return out.toString();
  }

  private static String field(char directive, String pattern, LocalDate day) {
    String form =
        switch (directive) {
          case 'Y' -> "yyyy";
          case 'y' -> "yy";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'j' -> "DDD";
          case 'B' -> "MMMM";
          case 'b' -> "MMM";
          case 'A' -> "EEEE";
          case 'a' -> "EEE";
          case 'H', 'M', 'S' -> "'00'";
          case '%' -> "'%'";
          default ->
              throw new TemplateException("the date format '" + pattern + "' is not supported", 0);
        };
    return DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(day);
  }
}
