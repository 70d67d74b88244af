package malt.app.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.app.parquet.ParquetFiles;
import malt.app.run.Bases;
import malt.app.run.Benchmarks;
import malt.credit.ValueIteration;
import malt.data.DatasetFiles;
import malt.experiment.ExperimentConfig;
import malt.experiment.Learning;
import malt.experiment.Plan;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.StoredTrees;
import malt.experiment.Teams;
import malt.model.Message;
import org.jspecify.annotations.Nullable;

/**
 * Which of a run's data is exported, and how.
 *
 * @param role null for trajectories, which are of all roles
 * @param text prompts as one text, laid out as the base model is given them, else as messages
 */
public record Export(
    ExportKind kind, @Nullable AgentRole role, String round, long seed, boolean text) {

  /** "verifier " */
  String whose() {
    return role == null ? "" : role + " ";
  }

  /**
   * Writes a part of a run's data as JSON lines, or Parquet where the file's name ends so, and
   * README.md beside it.
   *
   * @return how many rows there are
   */
  public int write(Path root, Path file) {
    ExperimentConfig config = RunDirectory.readConfig(root);
    try (RunDirectory run = RunDirectory.view(root)) {
      return write(new StoredTrees(config, run, Benchmarks.kept(config, run)), file);
    }
  }

  private int write(StoredTrees run, Path file) {
    DataCard.requireRoom(file);
    ValueIteration credit = planned(run).credit();
    Iterator<ObjectNode> rows = rows(run, new ExportRows(layout(run, text), credit));
    if (!rows.hasNext()) {
      throw new ConfigException(
          "%s has no %s%s (seed %d, round %s)"
              .formatted(run.run().root(), whose(), kind.title(), seed, round));
    }
    int count = ParquetFiles.is(file) ? writeParquet(file, rows) : writeLines(file, rows);
    DataCard.write(file, this, run.config(), credit, run.run().manifest(), count);
    return count;
  }

  private static @Nullable Function<List<Message>, String> layout(StoredTrees run, boolean text) {
    if (!text) {
      return null;
    }
    if (run.config().model().path().isEmpty()) {
      throw new ConfigException(
          "%s has no local model, so nothing lays its prompts out as text; leave out --text"
              .formatted(run.run().root()));
    }
    return Bases.text(run.config().model());
  }

  private Iterator<ObjectNode> rows(StoredTrees run, ExportRows rows) {
    RunLayout.Round sets = run.run().layout().seed(seed).round(round);
    if (!Files.exists(sets.statistics())) {
      throw new ConfigException(
          "%s: the training sets are not complete; finish them with malt collect"
              .formatted(sets.root()));
    }
    Stream<ObjectNode> all =
        switch (kind) {
          case SFT ->
              DatasetFiles.readExamples(sets.set(whom(), Learning.SFT)).stream().map(rows::of);
          case DPO -> DatasetFiles.readPairs(sets.set(whom(), Learning.DPO)).stream().map(rows::of);
          case TRAJECTORIES ->
              run.all(seed, planned(run))
                  .flatMap(tree -> rows.of(tree, Teams.untrained(run.config())).stream());
        };
    return all.iterator();
  }

  private AgentRole whom() {
    return Objects.requireNonNull(role, "role");
  }

  private Plan.Round planned(StoredTrees run) {
    return Plan.of(run.config()).rounds().stream()
        .filter(planned -> planned.name().equals(round))
        .findFirst()
        .orElseThrow(() -> new ConfigException("the run has no round " + round));
  }

  private int writeParquet(Path file, Iterator<ObjectNode> rows) {
    Path lines = file.resolveSibling(file.getFileName() + ".jsonl.part");
    try {
      int count = writeLines(lines, rows);
      ParquetFiles.write(lines, kind.columns(text), file);
      return count;
    } finally {
      delete(lines);
    }
  }

  private static int writeLines(Path file, Iterator<ObjectNode> rows) {
    int[] count = {0};
    AtomicFiles.write(
        file,
        out -> {
          while (rows.hasNext()) {
            out.write(rows.next().toString());
            out.write('\n');
            count[0]++;
          }
        });
    return count[0];
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new MaltException("cannot remove %s: %s".formatted(file, e), e);
    }
  }
}
