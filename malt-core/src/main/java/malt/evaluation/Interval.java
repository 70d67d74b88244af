package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A 95 % interval; [low, high] in JSON. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"low", "high"})
public record Interval(double low, double high) {
  /** The normal deviate of a two-sided 95 % interval. */
  static final double Z = 1.959963984540054;

  /** Wilson's score interval of a proportion (Wilson 1927). */
  public static Interval wilson(long successes, long n) {
    double proportion = (double) successes / n;
    double square = Z * Z / n;
    double centre = (proportion + square / 2) / (1 + square);
    double half = Z / (1 + square) * Math.sqrt((proportion * (1 - proportion) + square / 4) / n);
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /** From the lower of both lows to the higher of both highs. */
  Interval and(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
