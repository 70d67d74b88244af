package malt.problem;

/**
 * Words that a text marks as its answer.
 *
 * @param mark how strongly
 * @param denied "the answer is not ..."
 * @param words what is stated, up to the end of its sentence; joined boxes are separated by commas
 * @param start where the mark begins in the text
 * @param end where the statement ends
 */
public record Statement(Mark mark, boolean denied, String words, int start, int end) {}
