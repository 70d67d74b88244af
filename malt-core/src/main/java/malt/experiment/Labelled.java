package malt.experiment;

import malt.problem.Benchmark;

/** A run with the rule of credit and the grader that label its trees. */
public record Labelled(ExperimentConfig config, RunDirectory run, Benchmark benchmark) {}
