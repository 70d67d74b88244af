/**
 * The embedded model's task, its noisy pre-training corpus and its tokenizer.
 *
 * <ul>
 *   <li>The recipe: {@link NanoRecipe}, whose fields models/nano/recipe.yaml explains, under {@link
 *       RecipeRules}.
 *   <li>The task: {@link WordProblems} draws {@link WordProblem}s of a {@link Split} from a {@link
 *       Lexicon}.
 *   <li>The corpus: {@link NanoCorpus} writes document i from {@link Solution}s, a {@link Critic},
 *       a {@link Reviser}, {@link Drills} and {@link DebateTurn}s; {@link Habit} and {@link
 *       Mistakes} are what it gets wrong on purpose, {@link ColumnWork} is how a step is checked.
 *   <li>The model: {@link NanoTokenizer} over a {@link NanoVocabulary}, and {@link
 *       NanoPretraining}, which makes all of it.
 * </ul>
 */
@NullMarked
package malt.nano;

import org.jspecify.annotations.NullMarked;
