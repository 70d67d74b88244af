/**
 * What a tracking server is told of a run while it goes on.
 *
 * <p>{@link Tracking} reads the run's directory again and again, {@link TrackedRun} says what there
 * is to tell, {@link Told} remembers in the directory what was told, and {@link MlflowClient} tells
 * it. The work of the run knows nothing of it.
 */
@NullMarked
package malt.app.track;

import org.jspecify.annotations.NullMarked;
