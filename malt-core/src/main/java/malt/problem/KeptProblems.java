package malt.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import malt.AtomicFiles;

/**
 * Problems as a run keeps them, whatever layout they came in: JSON lines {@code {"id", "question",
 * "answer"}}, and "cluster" where it shares one; the question as prompts show it and the answer as
 * the grader compares it.
 */
public final class KeptProblems {
  private static final ObjectMapper JSON = new ObjectMapper();

  private KeptProblems() {}

  public static void write(Path file, List<Problem> problems) {
    AtomicFiles.write(
        file,
        out -> {
          for (Problem problem : problems) {
            out.write(line(problem));
            out.write('\n');
          }
        });
  }

  private static String line(Problem problem) throws JsonProcessingException {
    ObjectNode line =
        JSON.createObjectNode()
            .put("id", problem.id())
            .put("question", problem.question())
            .put("answer", problem.answer());
    if (!problem.cluster().equals(problem.id())) {
      line.put("cluster", problem.cluster());
    }
    return JSON.writeValueAsString(line);
  }

  /**
   * The problems as they were written.
   *
   * @throws malt.MalformedDataException listing each line that is none of ours
   */
  public static List<Problem> read(Path file) {
    return readFile(file).problems();
  }

  /** The same with their lines. */
  public static ProblemFile readFile(Path file) {
    return JsonLines.read(file, RowSource.jsonLines(), KeptProblems::row);
  }

  private static void row(JsonLines in, JsonNode row) {
    String id = in.text(row, "id");
    String cluster = row.has("cluster") ? in.text(row, "cluster") : id;
    in.add(new Problem(id, in.text(row, "question"), in.text(row, "answer"), cluster));
  }
}
