package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Files for the tools on a model directory, and their answers. */
abstract class ToolFixture {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String MODEL = MaltProcess.home().resolve("models/nano").toString();
  static final String QUESTION =
      "{\"role\": \"user\", \"content\": \"Tom has 23 apples. Tom buys 41 more. How many?\"}";

  @TempDir Path folder;

  String file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n").toString();
  }

  List<JsonNode> answers(String... arguments) throws IOException {
    Path output = folder.resolve("answers.jsonl");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", output.toString()));
    Outcome outcome = Outcome.of(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    List<JsonNode> answers = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      answers.add(JSON.readTree(line));
    }
    return answers;
  }

  static void refused(Outcome outcome, String... words) {
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains(words).doesNotContain("\tat ");
  }

  /** The embedded model with another file in place of its own. */
  Path nanoWith(String name, String file, UnaryOperator<String> change) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> own = Files.list(Path.of(MODEL))) {
      for (Path one : own.filter(Files::isRegularFile).toList()) {
        Files.copy(one, copy.resolve(one.getFileName()));
      }
    }
    Path changed = copy.resolve(file);
    Files.writeString(changed, change.apply(Files.readString(changed)));
    return copy;
  }
}
