/** HTML and SVG written so that they are well-formed and every text is escaped. */
@NullMarked
package malt.report.markup;

import org.jspecify.annotations.NullMarked;
