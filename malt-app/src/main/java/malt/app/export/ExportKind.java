package malt.app.export;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is exported; each is a data set of its own columns. */
public enum ExportKind {
  /** A role's examples: prompt, completion. */
  SFT("examples", "prompt", "completion"),
  /** A role's preference pairs: prompt, chosen, rejected. */
  DPO("preference pairs", "prompt", "chosen", "rejected"),
  /** The question and all that a team said to it, where its last answer was right. */
  TRAJECTORIES("trajectories", "prompt", "completion");

  private static final String MESSAGES = "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]";
  private static final String TURNS =
      "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR, \"value\" DOUBLE, \"finish_reason\""
          + " VARCHAR)[]";

  private final String title;
  private final String[] said;

  ExportKind(String title, String... said) {
    this.title = title;
    this.said = said;
  }

  String title() {
    return title;
  }

  /** As the command line names it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** DuckDB's type of each column, in order. */
  Map<String, String> columns(boolean text) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String key : said) {
      columns.put(key, text ? "VARCHAR" : MESSAGES);
    }
    switch (this) {
      case SFT -> {
        columns.put("value", "DOUBLE");
        columns.put("label", "BOOLEAN");
        columns.put("finish_reason", "VARCHAR");
        columns.put("role", "VARCHAR");
      }
      case DPO -> {
        columns.put("chosen_value", "DOUBLE");
        columns.put("chosen_label", "BOOLEAN");
        columns.put("rejected_value", "DOUBLE");
        columns.put("rejected_label", "BOOLEAN");
        columns.put("chosen_finish_reason", "VARCHAR");
        columns.put("rejected_finish_reason", "VARCHAR");
        columns.put("role", "VARCHAR");
      }
      case TRAJECTORIES -> {
        columns.put("value", "DOUBLE");
        columns.put("label", "BOOLEAN");
        columns.put("finish_reason", "VARCHAR");
        columns.put("turns", TURNS);
        columns.put("path", "INTEGER[]");
      }
    }
    columns.put("problem_id", "VARCHAR");
    if (this != TRAJECTORIES) {
      for (String key : said) {
        columns.put(key + "_ids", "INTEGER[]");
      }
    }
    return columns;
  }
}
