/** Plots drawn as SVG, coloured by the style sheet of the page they stand in. */
@NullMarked
package malt.report.plot;

import org.jspecify.annotations.NullMarked;
