package malt.problem;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.JsonLine;
import malt.MalformedDataException;

/** Reads problems from rows of JSON and reports all that is wrong with a file together. */
final class JsonLines {
  private static final int MAX_SHOWN = 20;

  /** Turns one row into a problem by telling the reader. */
  interface RowReader {
    void read(JsonLines in, JsonNode row);
  }

  private final Path file;
  private final Map<String, String> placeById = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> places = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private RowSource.Row row = new RowSource.Row("", "", "");

  private JsonLines(Path file) {
    this.file = file;
  }

  /** Reads every row that is not blank; a first one that is no row at all ends the reading. */
  static ProblemFile read(Path file, RowSource source, RowReader reader) {
    JsonLines in = new JsonLines(file);
    for (RowSource.Row row : source.rows(file)) {
      if (!row.text().isBlank() && !in.read(row, reader)) {
        break;
      }
    }
    return in.finish();
  }

  private boolean read(RowSource.Row next, RowReader reader) {
    row = next;
    try {
      reader.read(this, JsonLine.object(next.text(), next.place()));
      return true;
    } catch (MalformedDataException e) {
      complaints.add(e.getMessage());
      return complaints.size() > 1 || !problems.isEmpty();
    }
  }

  /** A field that must hold text; empty, with a complaint, where it does not. */
  String text(JsonNode row, String name) {
    JsonNode value = row.get(name);
    if (value != null && value.isTextual() && !value.asText().isBlank()) {
      return value.asText();
    }
    lacks(row, name, "text");
    return "";
  }

  /** Complains of a field that is absent, blank or of another kind than was wanted. */
  void lacks(JsonNode row, String name, String wanted) {
    JsonNode value = row.get(name);
    String found =
        value == null
            ? "it has " + JsonLine.keys(row)
            : "there it is " + (value.isTextual() ? "blank" : JsonLine.kind(value));
    complain("lacks the %s field \"%s\": %s".formatted(wanted, name, found));
  }

  /** The row's id: the first of the fields it has, else that of its place. */
  String id(JsonNode object, String... fields) {
    for (String field : fields) {
      if (object.hasNonNull(field)) {
        return object.get(field).asText();
      }
    }
    return row.id();
  }

  void add(Problem problem) {
    String earlier = placeById.putIfAbsent(problem.id(), row.place());
    if (earlier != null) {
      complain("has the id \"%s\" of %s".formatted(problem.id(), earlier));
    }
    problems.add(problem);
    places.add(row.place());
  }

  /** Refuses the file because of this row. */
  void complain(String what) {
    complaints.add("%s %s".formatted(row.place(), what));
  }

  /** Goes on without this row. */
  void leaveOut(String why) {
    leftOut.add("%s %s".formatted(row.place(), why));
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
    return new ProblemFile(file, problems, places, leftOut);
  }
}
