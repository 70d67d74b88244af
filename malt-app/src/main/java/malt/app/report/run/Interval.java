package malt.app.report.run;

/** A 95 % interval. */
public record Interval(double low, double high) {
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
