package malt.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One part of the report, the same on the page and in the document.
 *
 * @param id anchor on the page
 * @param lead a sentence that says how to read what follows
 */
record Section(String id, String title, String lead, List<Figure> figures, List<Table> tables) {
  /** The parts that this run has something to say about, in the order of the report. */
  static List<Section> all(RunData run) {
    return Stream.of(
            run.evaluation().flatMap(AccuracySection::of),
            run.evaluation().flatMap(ComparisonSection::of),
            run.evaluation().flatMap(TurnsSection::of),
            run.evaluation().flatMap(FlipsSection::of),
            run.evaluation().flatMap(VerifierSection::of),
            RoundsSection.of(run),
            TrainingSection.of(run),
            ValuesSection.of(run),
            SetsSection.of(run),
            run.evaluation().flatMap(GradingSection::of),
            RemarksSection.of(run),
            TimingSection.of(run))
        .flatMap(Optional::stream)
        .toList();
  }
}
