/** The embedded model's task, its noisy pre-training corpus and its tokenizer. */
@NullMarked
package malt.nano;

import org.jspecify.annotations.NullMarked;
