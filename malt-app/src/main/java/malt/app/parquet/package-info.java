/** Parquet through DuckDB; nothing else of the project knows either. */
@NullMarked
package malt.app.parquet;

import org.jspecify.annotations.NullMarked;
