package malt.app.cli;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.app.export.Export;
import malt.app.export.ExportKind;
import malt.app.parquet.ParquetFiles;
import malt.experiment.ExperimentConfig;
import malt.experiment.Plan;
import malt.experiment.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run's data for other trainers. */
@Command(
    name = "export",
    header = "Writes a run's data for other trainers.",
    description =
        "Writes a run's training data under TRL's keys (prompt, completion; prompt, chosen, "
            + "rejected) with values, labels and ids, and README.md, its card, beside it. The "
            + "directory loads in Hugging Face's datasets as it is.")
final class ExportCommand implements Runnable {
  /** How rows are written. */
  enum Format {
    JSONL,
    PARQUET
  }

  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Option(
      names = "--kind",
      required = true,
      description =
          "sft: a role's examples; dpo: its preference pairs; trajectories: each question with "
              + "all that a team said to it, where that ended right, for one model to learn from")
  private ExportKind kind = ExportKind.SFT;

  @Option(names = "--role", description = "whose, such as verifier; not for trajectories")
  private @Nullable String role;

  @Option(names = "--round", description = "of the training sets; default: the run's first")
  private @Nullable String round;

  @Option(names = "--seed", description = "of the training sets; default: the run's first")
  private @Nullable Long seed;

  @Option(names = "--text", description = "prompts as text, laid out by the base's chat template")
  private boolean text;

  @Option(names = "--messages", description = "prompts as chat messages (the default)")
  private boolean messages;

  @Option(names = "--format", description = "jsonl or parquet; default: as --out ends")
  private @Nullable Format format;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "the file to write")
  private Path out = Path.of("");

  @Override
  public void run() {
    ExperimentConfig config = RunDirectory.readConfig(run);
    if (text && messages) {
      throw new ConfigException("--text and --messages exclude each other");
    }
    if (format != null && format != (ParquetFiles.is(out) ? Format.PARQUET : Format.JSONL)) {
      throw new ConfigException(
          "--format: a file of Parquet, and no other, ends in .parquet; found %s and %s"
              .formatted(format, out));
    }
    List<String> rounds = Plan.of(config).rounds().stream().map(Plan.Round::name).toList();
    Export export =
        new Export(
            kind,
            role(config),
            OptionRules.oneOf("--round", rounds, round, rounds.get(0)),
            OptionRules.oneOf("--seed", config.seeds(), seed, config.seeds().get(0)),
            text);
    System.out.printf("%,d rows: %s%n", export.write(run, out), out);
  }

  private @Nullable AgentRole role(ExperimentConfig config) {
    if (kind == ExportKind.TRAJECTORIES) {
      if (role != null) {
        throw new ConfigException("--kind trajectories is of all roles and takes no --role");
      }
      return null;
    }
    AgentRole named = role == null ? null : new AgentRole(role);
    if (named == null || !config.roles().contains(named)) {
      throw new ConfigException(
          "--kind %s needs --role, one of %s; found %s".formatted(kind, config.roles(), role));
    }
    return named;
  }
}
