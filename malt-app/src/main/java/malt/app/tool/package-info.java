/** Tools on a model directory, each a function from rows of JSON to rows of JSON. */
@NullMarked
package malt.app.tool;

import org.jspecify.annotations.NullMarked;
