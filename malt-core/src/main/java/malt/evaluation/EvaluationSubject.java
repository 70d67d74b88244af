package malt.evaluation;

import java.time.Instant;

/**
 * What an evaluation is of; shown at the head of its report.
 *
 * @param name of the run
 * @param grader name of the grader
 * @param votes k of the methods that vote
 * @param paper numbers to be read beside ours
 */
public record EvaluationSubject(
    String name,
    Instant created,
    String model,
    String benchmark,
    String grader,
    int votes,
    PaperNumbers paper) {}
