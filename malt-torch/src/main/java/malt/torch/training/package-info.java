/**
 * SFT, DPO, PPO and pre-training over one log-probability path.
 *
 * <ul>
 *   <li>The door: {@link LoraTrainer}, which trains adapters over a frozen base. A {@link
 *       TrainingRun} minimises an {@link Objective}: {@link SftObjective}, {@link DpoObjective}
 *       with its {@link DpoLoss}, or {@link PpoObjective} with its {@link PpoLoss}.
 *   <li>Log-probabilities: {@link SequenceLogProbs}, of sequences that share a prompt by {@link
 *       SharedPrompt}; {@link CompletionScorer} gives them to who only asks.
 *   <li>Steps: {@link Batches}, {@link LearningRate}, {@link Optimizer}, {@link Metrics}; {@link
 *       TrainingResources} says what they may take.
 *   <li>Going on after a stop: {@link TrainingCheckpoint}, under the job's {@link JobKey}.
 *   <li>All weights of a small decoder: {@link Pretrainer}, from {@link InitialWeights}.
 * </ul>
 */
@NullMarked
package malt.torch.training;

import org.jspecify.annotations.NullMarked;
