/** Text in and out of token ids: the tokenizer, the chat template, and prompts made of both. */
@NullMarked
package malt.torch.text;

import org.jspecify.annotations.NullMarked;
