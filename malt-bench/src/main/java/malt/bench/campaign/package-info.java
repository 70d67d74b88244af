/**
 * Campaigns: each a main that does one kind of harm again and again, and ends with one figure. Case
 * number i of a campaign has the seed {@code --seed + i}, so any one of them is repeated by its
 * seed and {@code --count 1}. docs/guarantees.md has what was found.
 */
@NullMarked
package malt.bench.campaign;

import org.jspecify.annotations.NullMarked;
