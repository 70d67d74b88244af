package malt.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.MalformedDataException;

/** Reads problems from rows of JSON and reports all that is wrong with a file together. */
final class JsonLines {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_SHOWN = 20;

  /** Turns one row into a problem by telling the reader. */
  interface RowReader {
    void read(JsonLines in, JsonNode row);
  }

  private final Path file;
  private final Map<String, Integer> lineById = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private int line;

  private JsonLines(Path file) {
    this.file = file;
  }

  /** Reads every row that is not blank. */
  static ProblemFile read(Path file, RowSource source, RowReader reader) {
    JsonLines in = new JsonLines(file);
    for (String text : source.rows(file)) {
      in.line++;
      if (!text.isBlank()) {
        in.row(text, reader);
      }
    }
    return in.finish();
  }

  private void row(String text, RowReader reader) {
    try {
      JsonNode row = JSON.readTree(text);
      if (row.isObject()) {
        reader.read(this, row);
      } else {
        complain("is not a JSON object");
      }
    } catch (JsonProcessingException e) {
      complain("is not JSON (%s)".formatted(e.getOriginalMessage()));
    }
  }

  /** A field that must hold text; empty, with a complaint, where it does not. */
  String text(JsonNode row, String name) {
    JsonNode value = row.get(name);
    if (value == null || !value.isTextual() || value.asText().isBlank()) {
      complain("lacks the text field \"%s\"".formatted(name));
      return "";
    }
    return value.asText();
  }

  /** The row's id: the first of the fields it has, else one made of the file's name and line. */
  String id(JsonNode row, String... fields) {
    for (String field : fields) {
      if (row.hasNonNull(field)) {
        return row.get(field).asText();
      }
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return "%s-%05d".formatted(dot > 0 ? name.substring(0, dot) : name, line);
  }

  void add(Problem problem) {
    Integer earlier = lineById.putIfAbsent(problem.id(), line);
    if (earlier != null) {
      complain("has the id \"%s\" of line %d".formatted(problem.id(), earlier));
    }
    problems.add(problem);
    lines.add(line);
  }

  /** Refuses the file because of this line. */
  void complain(String what) {
    complaints.add("%s:%d %s".formatted(file, line, what));
  }

  /** Goes on without this line. */
  void leaveOut(String why) {
    leftOut.add("%s:%d %s".formatted(file, line, why));
  }

  private ProblemFile finish() {
    if (!complaints.isEmpty()) {
      List<String> shown = complaints.subList(0, Math.min(MAX_SHOWN, complaints.size()));
      int hidden = complaints.size() - shown.size();
      throw new MalformedDataException(
          String.join("\n", shown) + (hidden > 0 ? "\nand %d more".formatted(hidden) : ""));
    }
    if (problems.isEmpty()) {
      throw new MalformedDataException("%s holds no problem".formatted(file));
    }
    return new ProblemFile(file, problems, lines, leftOut);
  }
}
