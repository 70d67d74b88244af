/** A trained team behind OpenAI's HTTP API. */
@NullMarked
package malt.app.serve;

import org.jspecify.annotations.NullMarked;
