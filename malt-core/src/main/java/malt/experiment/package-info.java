/**
 * The experiment: configuration, plan and run.
 *
 * <p>In this order: {@link malt.experiment.MaltExperiment}, whose methods are the method; {@link
 * malt.experiment.Plan}, the rounds that it walks, resolved from {@link
 * malt.experiment.ExperimentConfig} (its rules: ConfigRules and those it calls); SeedRun, which
 * grows a round's trees and makes its sets, with TeamChain and {@link malt.experiment.Teams} for
 * who speaks; RoleTraining; Evaluation with its Contestants. Where everything is kept: {@link
 * malt.experiment.RunDirectory} and {@link malt.experiment.RunLayout}. What is read of a run
 * without a model: {@link malt.experiment.StoredTrees}.
 */
@NullMarked
package malt.experiment;

import org.jspecify.annotations.NullMarked;
