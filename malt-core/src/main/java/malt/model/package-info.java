/** The port to any language model: prompts in, completions out. */
@NullMarked
package malt.model;

import org.jspecify.annotations.NullMarked;
