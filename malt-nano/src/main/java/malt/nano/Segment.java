package malt.nano;

/**
 * A stretch of a document, cut where tokens end.
 *
 * @param text special tokens included
 * @param lossWeight the weight of each of its tokens as a target: 0 is context only
 */
public record Segment(String text, double lossWeight) {}
