/**
 * Tools on a model directory, each a function from rows of JSON to rows of JSON.
 *
 * <ul>
 *   <li>A {@link Row} is an object of JSON lines, {@link JsonRows} reads and writes them, a {@link
 *       RowTool} answers them: {@link TokenizeTool}, {@link RenderTool}, {@link LogProbsTool},
 *       {@link GenerateTool}, {@link GradeTool}.
 *   <li>{@link TrainingRows} makes training data of rows.
 *   <li>{@link Doctor} says what a directory needs and lacks, with a {@link MemoryEstimate}.
 * </ul>
 */
@NullMarked
package malt.app.tool;

import org.jspecify.annotations.NullMarked;
