/** The report of a run: a page, a document to commit, and a table for the terminal. */
@NullMarked
package malt.report;

import org.jspecify.annotations.NullMarked;
