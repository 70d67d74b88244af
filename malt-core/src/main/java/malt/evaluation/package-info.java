/** Answering strategies, votes and paired statistics. */
@NullMarked
package malt.evaluation;

import org.jspecify.annotations.NullMarked;
