package malt.app.report.run;

import java.util.List;
import java.util.Map;

/**
 * The metrics of one training job.
 *
 * @param role whose adapter it trained
 * @param stage "sft" or "dpo"
 * @param steps optimiser steps, (S)
 * @param values by metric name ("loss", "rewards/margins", ...), each (S) with NaN where a step
 *     does not have it
 */
public record TrainingCurve(
    String seed,
    String schedule,
    String role,
    String stage,
    List<Double> steps,
    Map<String, List<Double>> values) {}
