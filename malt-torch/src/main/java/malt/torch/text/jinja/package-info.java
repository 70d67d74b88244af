/**
 * A small interpreter for the part of Jinja that chat templates use, with the meaning it has in
 * transformers (trim_blocks, lstrip_blocks, loop controls, an immutable sandbox). What it does not
 * know is refused by name and line, never skipped.
 */
@NullMarked
package malt.torch.text.jinja;

import org.jspecify.annotations.NullMarked;
