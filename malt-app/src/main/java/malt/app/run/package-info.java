/**
 * A run directory opened: its problems, its models, and what can be made of it without them.
 *
 * <ul>
 *   <li>With its models: {@link Session}, of the {@link Benchmarks} (the problems it keeps) and the
 *       {@link Models} (who samples and trains); {@link OtherQuestions} is an evaluation on
 *       questions of another file.
 *   <li>Without: {@link Reports}, with the {@link TreeSamples} that a report shows.
 *   <li>A configuration's base, opened: {@link Bases}.
 * </ul>
 */
@NullMarked
package malt.app.run;

import org.jspecify.annotations.NullMarked;
