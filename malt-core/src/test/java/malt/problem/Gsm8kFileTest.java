package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import malt.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gsm8kFileTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("test.jsonl"), content);
  }

  @Test
  void theReferenceFollowsTheLastMarker() throws IOException {
    Path file =
        file(
            """
            {"id": "a", "question": "1 + 1?", "answer": "#### is a marker.\\n#### 2"}

            {"question": "2 + 2?", "answer": "4\\n#### 4"}
            """);
    assertThat(Gsm8kFile.read(file))
        .containsExactly(new Problem("a", "1 + 1?", "2"), new Problem("test-00003", "2 + 2?", "4"));
  }

  @Test
  void allThatIsWrongIsReportedTogetherWithItsLines() throws IOException {
    Path file =
        file(
            """
            {"id": "a", "question": "1 + 1?", "answer": "#### 2"}
            {"id": "a", "question": "1 + 2?", "answer": "#### 3"}
            {"question": "", "answer": "4"}
            {"question": "x", "answer": 4}
            [1]
            {"question":
            """);
    assertThatThrownBy(() -> Gsm8kFile.read(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(":2 has the id \"a\" of line 1")
        .hasMessageContaining(":3 lacks the text field \"question\"")
        .hasMessageContaining(":3 has no answer after \"####\"")
        .hasMessageContaining(":4 lacks the text field \"answer\"")
        .hasMessageContaining(":5 is not a JSON object")
        .hasMessageContaining(":6 is not JSON");
  }

  @Test
  void anEmptyOrMissingFileIsRefused() throws IOException {
    Path empty = file("\n");
    assertThatThrownBy(() -> Gsm8kFile.read(empty)).hasMessageContaining("holds no problem");
    assertThatThrownBy(() -> Gsm8kFile.read(folder.resolve("none.jsonl")))
        .hasMessageContaining("does not exist");
  }
}
