/** Training sets made of valued trees: SFT examples and preference pairs. */
@NullMarked
package malt.data;

import org.jspecify.annotations.NullMarked;
