package malt.torch.training;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.training.TrainingJob;

/**
 * The token ids of a job's examples, made of them when they are asked for. Texts and
 * log-probabilities are let go; the ids asked for last stay in memory, a sixteenth of the heap at
 * most. So a set may be larger than memory, if the job's list reads it from a file.
 */
final class TrainingTokens {
  private final int examples;
  private final IntFunction<List<TokenSequence>> source;
  private final long kept;
  private final Map<Integer, List<TokenSequence>> latest = new LinkedHashMap<>(16, 0.75f, true);
  private long ids;

  /**
   * @param source the sequences of an example
   * @param kept ids that may stay in memory
   */
  TrainingTokens(int examples, IntFunction<List<TokenSequence>> source, long kept) {
    this.examples = examples;
    this.source = source;
    this.kept = kept;
  }

  /** One sequence an example. */
  static TrainingTokens of(TrainingJob.SftJob job) {
    return of(
        job.examples().size(),
        i -> {
          SftExample example = job.examples().get(i);
          return List.of(
              TokenSequence.of(
                  example.completion(), job.name() + ": problem " + example.problemId()));
        });
  }

  /** Two sequences an example, the chosen and the rejected, with the same prompt. */
  static TrainingTokens of(TrainingJob.DpoJob job) {
    return of(
        job.pairs().size(),
        i -> {
          PreferencePair pair = job.pairs().get(i);
          String of = " of problem " + pair.problemId();
          TokenSequence chosen = TokenSequence.of(pair.chosen(), job.name() + ": chosen" + of);
          TokenSequence rejected =
              TokenSequence.of(pair.rejected(), job.name() + ": rejected" + of);
          return List.of(chosen, new TokenSequence(chosen.prompt(), rejected.completion()));
        });
  }

  private static TrainingTokens of(int examples, IntFunction<List<TokenSequence>> source) {
    return new TrainingTokens(
        examples, source, Runtime.getRuntime().maxMemory() / 16 / Integer.BYTES);
  }

  /** A sequence of each example: 0 is the first. */
  List<TokenSequence> column(int column) {
    return new AbstractList<>() {
      @Override
      public int size() {
        return examples;
      }

      @Override
      public TokenSequence get(int example) {
        return sequences(example).get(column);
      }
    };
  }

  private synchronized List<TokenSequence> sequences(int example) {
    List<TokenSequence> found = latest.get(example);
    if (found == null) {
      found = source.apply(example);
      latest.put(example, found);
      ids += count(found);
      Iterator<List<TokenSequence>> oldest = latest.values().iterator();
      while (ids > kept && latest.size() > 1) {
        ids -= count(oldest.next());
        oldest.remove();
      }
    }
    return found;
  }

  private static long count(List<TokenSequence> sequences) {
    return sequences.stream()
        .mapToLong(sequence -> (long) sequence.prompt().length + sequence.completion().length)
        .sum();
  }
}
