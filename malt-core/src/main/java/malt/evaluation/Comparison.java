package malt.evaluation;

/**
 * A comparison wanted: how much more accurate is method {@code a} than method {@code b}?
 *
 * @param a name of a method
 * @param b name of a method
 */
public record Comparison(String a, String b) {}
