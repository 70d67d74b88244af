/**
 * Training by another program: {@link ProcessTrainer} is the door. {@link JobDirectory} hands a job
 * over in files, {@link TrainerProcess} runs the program, {@link MetricsFile} reads how far it is.
 * docs/trainers.md says the same to whoever writes such a program.
 */
@NullMarked
package malt.torch.process;

import org.jspecify.annotations.NullMarked;
