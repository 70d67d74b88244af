/**
 * A trained team behind OpenAI's HTTP API.
 *
 * <ul>
 *   <li>A connection: {@link MaltServer} accepts it, {@link BodyLimit} collects a request, {@link
 *       ApiHandler} finds who answers it, {@link Exchange} is the way back.
 *   <li>A request for completions: {@link CompletionService} takes it in, {@link Call} is what it
 *       asks for, checked key by key ({@link JsonCall}, {@link NothingAsked}), {@link Answering}
 *       has it sampled by what the {@link Catalogue} names.
 *   <li>An answer: {@link Output}, whole or as events, in the shapes of {@link AnswerJson}; an
 *       error is an {@link ApiError}.
 *   <li>{@link Admission} and {@link ServeSettings} are the limits, {@link ServerMetrics} what was
 *       done.
 * </ul>
 */
@NullMarked
package malt.app.serve;

import org.jspecify.annotations.NullMarked;
