package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a seed's teams answered on the dev questions before a round's first repetition and after
 * each, and what follows from it: which repetitions are left out, and whose adapters are kept.
 */
public record EarlyStopping(RunLayout.Seed seed) {
  /** The diagnoses so far: the first before the repetitions, the others after one each. */
  public List<RoundDiagnosis> measured(Plan.EarlyStop stop) {
    Path file = file(stop);
    return Files.exists(file)
        ? RunFiles.read(file, new TypeReference<List<RoundDiagnosis>>() {})
        : List.of();
  }

  void write(Plan.EarlyStop stop, List<RoundDiagnosis> measured) {
    RunFiles.write(file(stop), measured);
  }

  private Path file(Plan.EarlyStop stop) {
    return seed.round(stop.rounds().get(0)).dev();
  }

  /** Whether a round is a repetition that is not worth its while any more. */
  boolean skips(Plan.Round round) {
    Plan.EarlyStop stop = round.stop();
    if (stop == null) {
      return false;
    }
    List<RoundDiagnosis> measured = measured(stop);
    int done = measured.size() - 1;
    return stop.rounds().indexOf(round.name()) >= done
        && done > 0
        && done - best(measured) >= stop.patience();
  }

  /** Whether an adapter may still play: it is of no repetition after the best one. */
  boolean keeps(Plan.Adapter adapter) {
    Plan.EarlyStop stop = adapter.kept();
    if (stop == null) {
      return true;
    }
    List<RoundDiagnosis> measured = measured(stop);
    return measured.isEmpty() || stop.rounds().indexOf(adapter.round()) < best(measured);
  }

  /**
   * The most accurate of the teams measured, the earliest of equals: 0 for the one before the
   * repetitions, 1 for the one after the first.
   */
  public static int best(List<RoundDiagnosis> measured) {
    return IntStream.range(0, measured.size())
        .reduce((a, b) -> accuracy(measured.get(b)) > accuracy(measured.get(a)) ? b : a)
        .orElse(0);
  }

  private static double accuracy(RoundDiagnosis diagnosis) {
    Double accuracy = diagnosis.accuracy();
    return accuracy == null ? -1 : accuracy; // nothing could be graded
  }
}
