package malt.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values in [low, high] to positions from start to end.
 *
 * @param step between ticks
 */
record Scale(double low, double high, double step, double start, double end) {
  /** A scale over the values, widened to whole ticks; never empty. */
  static Scale around(double low, double high, double start, double end, int ticks) {
    double bottom = low;
    double top = high;
    if (!(top - bottom > 1e-12)) {
      double margin = Math.max(1e-6, Math.abs(low) * 0.1);
      bottom -= margin;
      top += margin;
    }
    double step = step(top - bottom, ticks);
    return new Scale(
        Math.floor(bottom / step + 1e-9) * step,
        Math.ceil(top / step - 1e-9) * step,
        step,
        start,
        end);
  }

  /** A scale from {@code low} to {@code high} as they are. */
  static Scale exact(double low, double high, double start, double end, int ticks) {
    return new Scale(low, high, step(high - low, ticks), start, end);
  }

  double at(double value) {
    return start + (value - low) / (high - low) * (end - start);
  }

  /** Round values within the scale. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten. */
  private static double step(double span, int count) {
    double raw = span / Math.max(1, count);
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double share = raw / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  }

  /** A tick's number with no more digits than it needs. */
  static String label(double value) {
    double size = Math.abs(value);
    if (size < 1e-12) {
      return "0";
    }
    if (size < 1e-3 || size >= 1e6) {
      return String.format(Locale.ROOT, "%.0e", value).replace("-", "−");
    }
    String text = String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    return text.replace("-", "−");
  }
}
