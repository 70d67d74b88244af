package malt;

import java.util.Locale;

/** Formats numbers for people. */
public final class Numbers {
  private static final double SMALLEST_P = 0.0001;

  private Numbers() {}

  /** 27300 as "27,300". */
  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Three significant digits at most: 812, 41k, 1.1M, 2.3G. */
  public static String rounded(long number) {
    if (number < 1_000) {
      return Long.toString(number);
    }
    double scaled = number;
    int power = 0;
    while (scaled >= 999.5 && power < 3) {
      scaled /= 1000;
      power++;
    }
    String format = scaled < 9.95 ? "%.1f%c" : "%.0f%c";
    return String.format(Locale.ROOT, format, scaled, " kMG".charAt(power));
  }

  /** 38s, 4m 05s, 2h 11m. */
  public static String duration(double seconds) {
    long whole = Math.round(Math.max(0, seconds));
    if (whole < 60) {
      return whole + "s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%dm %02ds", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%dh %02dm", whole / 3600, whole / 60 % 60);
  }

  /** A share in percent: 0.6125 as "61.3". */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  /** A difference of shares in percentage points, with its sign: "+8.1", "−0.4", "0.0". */
  public static String points(double difference) {
    double tenths = Math.round(1000 * difference) / 10.0;
    String number = String.format(Locale.ROOT, "%.1f", Math.abs(tenths));
    return tenths == 0 ? number : (tenths > 0 ? "+" : "−") + number;
  }

  /** A relative change in percent, with its sign: "+20.7 %", "−3.1 %". */
  public static String relative(double change) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * change).replace('-', '−');
  }

  /** A p value to two significant digits: "0.034", "&lt;0.0001". */
  public static String p(double p) {
    if (p < SMALLEST_P) {
      return "<0.0001";
    }
    int decimals = p >= 0.0995 ? 2 : p >= 0.00995 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", p);
  }
}
