package malt.app.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MaltException;
import malt.credit.ValueIteration;
import malt.experiment.ExperimentConfig;
import malt.experiment.Manifest;

/** README.md beside an export, in the layout of Hugging Face's data set cards. */
final class DataCard {
  private static final String NAME = "README.md";

  private DataCard() {}

  /** A card speaks for one file; another file's card is not overwritten. */
  static void requireRoom(Path file) {
    Path card = file.resolveSibling(NAME);
    try {
      if (Files.exists(card) && !Files.readString(card).contains(dataFiles(file))) {
        throw new ConfigException(
            "%s is there already and is not the card of %s; export into a directory of its own"
                .formatted(card, file.getFileName()));
      }
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(card, e), e);
    }
  }

  private static String dataFiles(Path file) {
    return "    data_files: \"%s\"".formatted(file.getFileName());
  }

  /**
   * @param credit by which the rows' nodes were labelled
   */
  static void write(
      Path file,
      Export export,
      ExperimentConfig config,
      ValueIteration credit,
      Manifest manifest,
      int rows) {
    String title = "%s: %s%s".formatted(config.name(), export.whose(), export.kind().title());
    StringBuilder card = new StringBuilder();
    card.append("---\n");
    card.append("pretty_name: \"%s\"%n".formatted(title));
    card.append("task_categories:\n  - text-generation\ntags:\n  - malt\n  - multi-agent\n");
    card.append("size_categories:\n  - %s%n".formatted(size(rows)));
    card.append("configs:\n  - config_name: default\n").append(dataFiles(file)).append("\n---\n\n");
    card.append("# ").append(title).append("\n\n");
    card.append(
        """
        Sampled, graded and valued by MALT (multi-agent LLM training, arXiv 2412.01928): %s answered
        training questions in turn, every leaf of the tree was graded against the reference answer,
        and what a completion is worth comes of that, by the rule of credit below.

        """
            .formatted(String.join(", ", config.roles().stream().map(String::valueOf).toList())));
    table(card, "Column", "Holds", columns(export));
    table(card, "Origin", "", origin(export, config, credit, manifest, rows));
    AtomicFiles.write(file.resolveSibling(NAME), card.toString());
  }

  private static Map<String, String> columns(Export export) {
    Map<String, String> columns = new LinkedHashMap<>();
    export
        .kind()
        .columns(export.text())
        .keySet()
        .forEach(column -> columns.put(column, meaning(column, export)));
    return columns;
  }

  private static String meaning(String column, Export export) {
    if (column.endsWith("value")) {
      return "what the completion is worth, in [0, 1]";
    }
    if (column.endsWith("label")) {
      return "whether the value is above the threshold";
    }
    if (column.endsWith("_ids")) {
      return "the ids as the model saw or drew them, end of text included";
    }
    if (column.endsWith("finish_reason")) {
      return "stop, or length where the token limit cut it, so that it has no end";
    }
    return switch (column) {
      case "prompt" ->
          export.text()
              ? "text, laid out as the base model is given it, its first token included"
              : "messages: role, content";
      case "role" -> "the agent's role";
      case "problem_id" -> "of the training question";
      case "turns" -> "what each agent said, with its value and why it ended";
      case "path" -> "place in the tree: index of the answer, of its critique, ...";
      default -> export.text() ? "text" : "one message of the assistant";
    };
  }

  private static Map<String, String> origin(
      Export export, ExperimentConfig config, ValueIteration credit, Manifest manifest, int rows) {
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("rows", String.valueOf(rows));
    origin.put("run", manifest.name());
    origin.put("training seed", String.valueOf(export.seed()));
    origin.put("round", export.round());
    origin.put(
        "problems", (config.problems().source() + " " + config.problems().trainFile()).strip());
    origin.put("grader", config.problems().grader());
    origin.put(
        "credit",
        "correct iff value > %s, %s pooling"
            .formatted(credit.threshold(), credit.pooling().name().toLowerCase(Locale.ROOT)));
    origin.put("temperature", String.valueOf(config.sampling().treeTemperature()));
    origin.put("base model", config.model().path());
    origin.put("base model's SHA-256", manifest.base());
    origin.put("chat template's SHA-256", manifest.template());
    origin.put("software", "MALT %s, Java %s".formatted(manifest.malt(), manifest.java()));
    origin.put("system", manifest.system());
    origin.put("begun", manifest.begun());
    return origin;
  }

  private static void table(
      StringBuilder card, String first, String second, Map<String, String> rows) {
    card.append("| %s | %s |%n|---|---|%n".formatted(first, second));
    rows.forEach(
        (name, value) -> card.append("| %s | %s |%n".formatted(name, value.replace("|", "\\|"))));
    card.append('\n');
  }

  /** Hugging Face's classes. */
  private static String size(int rows) {
    List<String> names = List.of("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M");
    int size = 0;
    for (long limit = 1_000; rows >= limit && size < names.size() - 1; limit *= 10) {
      size++;
    }
    return names.get(size);
  }
}
