/**
 * Checkpoints in safetensors, and the configuration beside them.
 *
 * <ul>
 *   <li>The shape: {@link ModelConfig}, read from config.json by {@link ConfigReader}; a {@link
 *       Family} is what is supported, a {@link Variant} how it differs.
 *   <li>The numbers: a {@link Checkpoint} finds the files, {@link Weights} maps them, in the {@link
 *       Precision} that was chosen; {@link Fingerprint} identifies them.
 *   <li>Written: {@link CheckpointWriter} over {@link SafetensorsWriter}; {@link RandomCheckpoint}
 *       makes one of any size.
 * </ul>
 */
@NullMarked
package malt.torch.weights;

import org.jspecify.annotations.NullMarked;
