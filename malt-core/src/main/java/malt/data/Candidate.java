package malt.data;

import java.util.List;
import malt.model.Completion;

/**
 * A completion of a prompt, identical ones merged; its path is the first one's.
 *
 * @param times how many of them there were
 */
record Candidate(List<Integer> path, Completion completion, double value, int times) {}
