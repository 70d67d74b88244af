package malt.bench.campaign;

import java.util.List;

/**
 * What a campaign found.
 *
 * @param cases that were tried
 * @param broken a sentence for each promise that did not hold, with the command that shows it
 * @param figure all of it in a line
 */
record Findings(long cases, List<String> broken, String figure) {
  Findings {
    broken = List.copyOf(broken);
  }
}
