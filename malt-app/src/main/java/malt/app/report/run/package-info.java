/** What a run directory holds, read strictly from its files. */
@NullMarked
package malt.app.report.run;

import org.jspecify.annotations.NullMarked;
