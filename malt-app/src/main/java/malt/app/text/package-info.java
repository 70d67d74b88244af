/** Numbers as people read them, the same in progress lines, tables and reports. */
@NullMarked
package malt.app.text;

import org.jspecify.annotations.NullMarked;
