/**
 * Text in and out of token ids: the tokenizer, the chat template, and prompts made of both.
 *
 * <ul>
 *   <li>A prompt becomes ids by a {@link PromptLayout}: {@link PromptEncoder} by the chat template,
 *       {@link PlainEncoder} without one.
 *   <li>What was sampled is spliced in as the ids it was: {@link RenderedPrompt} knows which text
 *       came from which message, {@link SplicedIds} joins text and ids.
 *   <li>{@link ChatTemplate} renders (the interpreter is {@link malt.torch.text.jinja}); {@link
 *       TurnEnd} is how it ends what the assistant says.
 *   <li>{@link Tokenizer} reads tokenizer.json; {@link GuardedTokenizer} keeps names of special
 *       tokens in what people wrote plain text.
 * </ul>
 */
@NullMarked
package malt.torch.text;

import org.jspecify.annotations.NullMarked;
