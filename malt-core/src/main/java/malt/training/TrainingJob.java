package malt.training;

import java.nio.file.Path;
import malt.model.AdapterRef;

/**
 * One adapter to train.
 *
 * @param name for progress and errors: "joint/verifier/dpo"
 * @param data JSON lines under TRL's keys: prompt and completion, or prompt, chosen and rejected;
 *     for PPO a completion's advantage and log-probabilities too; not changed while the job runs
 * @param start what training begins at, left as it is; for DPO and PPO also the frozen reference
 *     policy
 * @param lora shape of the adapter where {@code start} is the base, which has none
 * @param seed decides the order of examples and a fresh adapter's values
 * @param output where the adapter is written, in PEFT's format; complete or absent, never half
 */
public record TrainingJob(
    String name,
    TrainingMethod method,
    Path data,
    AdapterRef start,
    LoraSettings lora,
    long seed,
    Path output) {}
