/**
 * A page that follows a run, made of the run's directory alone.
 *
 * <ul>
 *   <li>What there is to tell: {@link RunState} reads the files of a run as values that become JSON
 *       ({@link RunProgress}, {@link RoundFacts}, {@link TrainingCurve}), the {@link TreeIndex}
 *       knows every training tree ({@link TreeFacts}, by way of {@link SeenNode}), and {@link
 *       TreeView} is one tree with all that was said.
 *   <li>How it is told: {@link Topics} holds the newest text of each part and who has seen it;
 *       {@link WatchServer} sends it to browsers, only what has changed.
 * </ul>
 */
@NullMarked
package malt.app.watch;

import org.jspecify.annotations.NullMarked;
