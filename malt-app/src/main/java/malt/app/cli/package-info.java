/**
 * The command line; the only place that prints and exits.
 *
 * <ul>
 *   <li>{@link Malt} is the root, {@link CommandGroup} lists the commands; each command is a class.
 *   <li>Options that several commands have: {@link PresetOptions} and {@link RunOptions} of an
 *       experiment, {@link TeamOptions} of a trained team, {@link ModelOptions} and {@link
 *       TemplateOptions} of a model directory, {@link RowOptions} of JSON lines, {@link
 *       TrainingOptions} of training on a file.
 *   <li>A command reads its options, opens what it needs from the packages before this one, and
 *       says what came of it.
 * </ul>
 */
@NullMarked
package malt.app.cli;

import org.jspecify.annotations.NullMarked;
