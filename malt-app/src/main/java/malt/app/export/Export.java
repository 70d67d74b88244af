package malt.app.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.app.Home;
import malt.app.parquet.ParquetFiles;
import malt.data.DatasetFiles;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.Schedule;
import malt.experiment.StoredTrees;
import malt.problem.Benchmark;
import malt.torch.text.ChatTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Which of a run's data is exported, and how.
 *
 * @param role null for trajectories, which are of all roles
 * @param text prompts as one text laid out by the base model's chat template, else as messages
 */
public record Export(
    ExportKind kind, @Nullable AgentRole role, Schedule schedule, long seed, boolean text) {

  /** "verifier " */
  String whose() {
    return role == null ? "" : role + " ";
  }

  /**
   * Writes JSON lines, or Parquet where the file's name ends so, and README.md beside it.
   *
   * @param benchmark of the run
   * @return how many rows there are
   */
  public int write(ExperimentConfig config, RunDirectory run, Benchmark benchmark, Path file) {
    DataCard.requireRoom(file);
    ChatTemplate template =
        text ? ChatTemplate.load(Home.resolve(Path.of(config.model().path()))) : null;
    List<ObjectNode> rows =
        rows(new ExportRows(template, config.credit()), config, run, benchmark).toList();
    if (rows.isEmpty()) {
      throw new ConfigException(
          "%s has no %s%s (seed %d, schedule %s)"
              .formatted(run.root(), whose(), kind.title(), seed, schedule.directory()));
    }
    if (ParquetFiles.is(file)) {
      Path lines = file.resolveSibling(file.getFileName() + ".jsonl.part");
      try {
        writeLines(lines, rows);
        ParquetFiles.write(lines, kind.columns(text), file);
      } finally {
        delete(lines);
      }
    } else {
      writeLines(file, rows);
    }
    DataCard.write(file, this, config, run.manifest(), rows.size());
    return rows.size();
  }

  private Stream<ObjectNode> rows(
      ExportRows rows, ExperimentConfig config, RunDirectory run, Benchmark benchmark) {
    Path sets = run.seed(seed).resolve(schedule.directory());
    if (!Files.exists(sets.resolve("statistics.json"))) {
      throw new ConfigException(
          "%s: the training sets are not complete; finish them with malt collect".formatted(sets));
    }
    return switch (kind) {
      case SFT ->
          DatasetFiles.readExamples(sets.resolve(String.valueOf(role)).resolve("sft.jsonl"))
              .stream()
              .map(rows::of);
      case DPO ->
          DatasetFiles.readPairs(sets.resolve(String.valueOf(role)).resolve("dpo.jsonl")).stream()
              .map(rows::of);
      case TRAJECTORIES ->
          StoredTrees.read(config, run, benchmark, seed, schedule, benchmark.train().size())
              .stream()
              .flatMap(tree -> rows.of(tree, config.roles()).stream());
    };
  }

  private static void writeLines(Path file, List<ObjectNode> rows) {
    AtomicFiles.write(
        file,
        out -> {
          for (ObjectNode row : rows) {
            out.write(row.toString());
            out.write('\n');
          }
        });
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new MaltException("cannot remove %s: %s".formatted(file, e), e);
    }
  }
}
