package malt.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.MalformedDataException;

/**
 * Reads GSM8K's layout: JSON lines {@code {"question": ..., "answer": "... #### 18"}} with an
 * optional {@code "id"}. The reference answer is what follows the last {@code ####}.
 *
 * <p>A row without an id gets one from its line: {@code test-00017} is line 17 of {@code
 * test.jsonl}, so ids are stable as long as the file is, and differ between files of other names.
 * Blank lines are skipped. All that is wrong with a file is reported together, with its lines.
 */
public final class Gsm8kFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_SHOWN = 20;

  private final Path file;
  private final Map<String, Integer> lineById = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private Gsm8kFile(Path file) {
    this.file = file;
  }

  /**
   * The file's problems in order.
   *
   * @throws MalformedDataException listing each line that cannot be used, or if there is none
   */
  public static List<Problem> read(Path file) {
    Gsm8kFile reader = new Gsm8kFile(file);
    List<String> lines = reader.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        reader.row(i + 1, lines.get(i));
      }
    }
    return reader.finish();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new MalformedDataException("%s does not exist".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new MalformedDataException("%s is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new MalformedDataException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  private void row(int line, String text) {
    JsonNode row;
    try {
      row = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      complain(line, "is not JSON (%s)".formatted(e.getOriginalMessage()));
      return;
    }
    if (!row.isObject()) {
      complain(line, "is not a JSON object");
      return;
    }
    String question = field(line, row, "question");
    String answer = field(line, row, "answer");
    String id = row.hasNonNull("id") ? row.get("id").asText() : defaultId(line);
    Integer earlier = lineById.putIfAbsent(id, line);
    if (earlier != null) {
      complain(line, "has the id \"%s\" of line %d".formatted(id, earlier));
    }
    int marker = answer.lastIndexOf("####");
    String reference = marker < 0 ? "" : answer.substring(marker + 4).strip();
    if (!answer.isEmpty() && reference.isEmpty()) {
      complain(line, "has no answer after \"####\" in \"answer\"");
    }
    problems.add(new Problem(id, question, reference));
  }

  private String field(int line, JsonNode row, String name) {
    JsonNode value = row.get(name);
    if (value == null || !value.isTextual() || value.asText().isBlank()) {
      complain(line, "lacks the text field \"%s\"".formatted(name));
      return "";
    }
    return value.asText();
  }

  private String defaultId(int line) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return "%s-%05d".formatted(dot > 0 ? name.substring(0, dot) : name, line);
  }

  private void complain(int line, String what) {
    complaints.add("%s:%d %s".formatted(file, line, what));
  }

  private List<Problem> finish() {
    if (!complaints.isEmpty()) {
      List<String> shown = complaints.subList(0, Math.min(MAX_SHOWN, complaints.size()));
      int hidden = complaints.size() - shown.size();
      throw new MalformedDataException(
          String.join("\n", shown) + (hidden > 0 ? "\nand %d more".formatted(hidden) : ""));
    }
    if (problems.isEmpty()) {
      throw new MalformedDataException("%s holds no problem".formatted(file));
    }
    return List.copyOf(problems);
  }
}
