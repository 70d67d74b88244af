/**
 * Sampling: many completions together, each drawn from its own seed.
 *
 * <ul>
 *   <li>Two doors: {@link TorchLanguageModel} for lists of requests, {@link LiveSampler} for
 *       requests that come at any time, whose rows join a {@link Lane}.
 *   <li>Both decode by {@link RowBatch}, a token of each row a step: {@link PromptTree} reads what
 *       prompts share once, {@link TokenSampler} draws by {@link HostSampler} or {@link
 *       DeviceSampler}, a {@link Draft} holds what was drawn, {@link StopTexts} end it.
 *   <li>Between prompts, ids and text: {@link PromptCodec}, of a model directory {@link
 *       ModelCodec}.
 *   <li>The base and its adapters in memory: {@link AdapterStore}.
 *   <li>Completions of a server, as if sampled here: {@link EncodedModel} and {@link AnswerBounds}.
 * </ul>
 */
@NullMarked
package malt.torch.generation;

import org.jspecify.annotations.NullMarked;
