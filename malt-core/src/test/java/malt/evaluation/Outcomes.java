package malt.evaluation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Reads what {@link EvaluationFiles#writeOutcomes} wrote. */
public final class Outcomes {
  private Outcomes() {}

  public static List<QuestionOutcome> read(Path file) {
    try (var rows =
        JsonMapper.builder()
            .build()
            .readerFor(QuestionOutcome.class)
            .<QuestionOutcome>readValues(file.toFile())) {
      return rows.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
