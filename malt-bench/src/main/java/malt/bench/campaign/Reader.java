package malt.bench.campaign;

import java.util.List;

/**
 * Something of malt that reads what others wrote.
 *
 * @param named what its errors must name; empty for nothing
 * @param seeds inputs, which are changed; the first is sound
 * @param attempt reads one input
 */
record Reader(String name, String named, List<byte[]> seeds, Attempt attempt) {
  Reader {
    seeds = List.copyOf(seeds);
  }

  /** Reads an input. */
  interface Attempt {
    /**
     * @throws malt.MaltException if the input is refused, which is as it should be
     * @throws BrokenPromise if something else is not as it should be
     * @throws Exception any other: a fault
     */
    void read(byte[] input) throws Exception;
  }
}
