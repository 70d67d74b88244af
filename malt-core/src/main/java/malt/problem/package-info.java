/** What is asked, and how an answer is graded. */
@NullMarked
package malt.problem;

import org.jspecify.annotations.NullMarked;
