/** Credit assignment: values carried from the leaves to every node (paper, section 3). */
@NullMarked
package malt.credit;

import org.jspecify.annotations.NullMarked;
