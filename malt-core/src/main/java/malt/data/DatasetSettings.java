package malt.data;

import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;

/**
 * Which valued nodes become training data. Threshold and pooling belong to {@link
 * malt.credit.ValueIteration}; everything here only selects and repeats. The paper's recipe is no
 * caps, not contested, not balanced, no gap; where it is silent the choice is ours.
 *
 * @param truncated whether completions cut at the token limit enter at all
 * @param maxExamplesPerPrompt SFT examples kept under one prompt, the highest values first; 0 is no
 *     cap
 * @param maxPairsPerPrompt preference pairs kept under one prompt; 0 is no cap
 * @param maxExamples SFT examples of a role, drawn by the seed from all; 0 is all
 * @param maxPairs preference pairs of a role, likewise
 * @param pairing which pairs a cap keeps
 * @param contestedOnly SFT of every role but the first keeps a correct completion only where the
 *     same prompt also has an incorrect one. Without it most verifier examples are approvals of
 *     answers that would have ended well anyway, and SFT teaches a rubber stamp
 * @param balance for every role but the first, examples and pairs whose turn-0 answer was right and
 *     those whose turn-0 answer was wrong are made equal in number by repeating the rarer kind
 * @param maxRepeat how many times at most one example or pair stands in a balanced set
 * @param minValueGap smallest V(chosen) - V(rejected) of a pair; 0 takes any
 */
public record DatasetSettings(
    Truncated truncated,
    int maxExamplesPerPrompt,
    int maxPairsPerPrompt,
    int maxExamples,
    int maxPairs,
    Pairing pairing,
    boolean contestedOnly,
    boolean balance,
    int maxRepeat,
    double minValueGap) {
  public DatasetSettings {
    List<String> problems = new ArrayList<>();
    if (maxExamplesPerPrompt < 0) {
      problems.add(
          "max_examples_per_prompt must be 0 (no cap) or more, found " + maxExamplesPerPrompt);
    }
    if (maxPairsPerPrompt < 0) {
      problems.add("max_pairs_per_prompt must be 0 (no cap) or more, found " + maxPairsPerPrompt);
    }
    if (maxExamples < 0 || maxPairs < 0) {
      problems.add(
          "max_examples and max_pairs must be 0 (all) or more, found %d and %d"
              .formatted(maxExamples, maxPairs));
    }
    if (maxRepeat < 1) {
      problems.add("max_repeat must be 1 or more, found " + maxRepeat);
    }
    if (!(minValueGap >= 0 && minValueGap <= 1)) {
      problems.add("min_value_gap must be in [0, 1], found " + minValueGap);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(String.join("; ", problems));
    }
  }

  /** The paper's sets: every correct completion, every pair. */
  public static DatasetSettings paper() {
    return new DatasetSettings(Truncated.KEEP, 0, 0, 0, 0, Pairing.WIDEST_GAP, false, false, 1, 0);
  }
}
