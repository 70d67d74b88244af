package malt.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  void the_reference_follows_the_last_marker() throws IOException {
    Path file =
        file(
            """
            {"id": "a", "question": "1 + 1?", "answer": "#### is a marker.\\n#### 2"}

            {"question": "2 + 2?", "answer": "4\\n#### 4"}
            """);
    assertThat(ProblemFiles.read(Layout.GSM8K, file))
        .containsExactly(new Problem("a", "1 + 1?", "2"), new Problem("test-00003", "2 + 2?", "4"));
  }

  @Test
  void all_that_is_wrong_is_reported_together_with_its_lines() throws IOException {
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
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(":2 has the id \"a\" of " + file + ":1")
        .hasMessageContaining(":3 lacks the text field \"question\"")
        .hasMessageContaining(":3 has no answer after \"####\"")
        .hasMessageContaining(":4 lacks the text field \"answer\"")
        .hasMessageContaining(":5 is not a JSON object")
        .hasMessageContaining(":6 is not JSON");
  }

  @Test
  void an_absent_field_is_told_from_one_of_another_kind() throws IOException {
    Path file =
        file(
            """
            {"question": "x", "solution": "#### 4"}
            {"question": ["x"], "answer": null}
            """);
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, file))
        .hasMessageContaining(
            ":1 lacks the text field \"answer\": it has \"question\", \"solution\"")
        .hasMessageContaining(":2 lacks the text field \"question\": there it is a list")
        .hasMessageContaining(":2 lacks the text field \"answer\": there it is null");
  }

  @Test
  void a_byte_order_mark_is_read_past_and_that_of_another_encoding_refused() throws IOException {
    String row = "{\"id\": \"a\", \"question\": \"1 + 1?\", \"answer\": \"#### 2\"}\n";
    assertThat(ProblemFiles.read(Layout.GSM8K, file("\uFEFF" + row))).hasSize(1);
    Path wide = folder.resolve("wide.jsonl");
    Files.writeString(wide, "\uFEFF" + row, StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, wide))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage(wide + " is UTF-16 text, by its byte order mark; save it as UTF-8");
  }

  @Test
  void json_that_is_not_in_lines_is_refused_in_one_sentence() throws IOException {
    String row = "{\"question\": \"1 + 1?\", \"answer\": \"#### 2\"}";
    String wanted = "JSON lines are wanted, one object on each line";
    for (String text :
        new String[] {"[" + row + ",\n" + row + "]", "{\n \"question\":\n \"x\"\n}", "[\n" + row}) {
      Path file = file(text);
      assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, file))
          .isInstanceOf(MalformedDataException.class)
          .hasMessage(
              file + ":1 is not JSON by itself: its value does not end on the line; " + wanted);
    }
    Path list = file("[" + row + "]\n[" + row + "]\n");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, list))
        .hasMessage(list + ":1 is not a JSON object but a list; " + wanted);
    Path several = file(row + ", " + row + "\n");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, several))
        .hasMessageContaining(":1 is not JSON (");
    Path csv = file("question,answer\n1,2\n");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, csv))
        .hasMessageContaining(":1 is not JSON (Unrecognized token 'question'")
        .hasMessageNotContaining("Source")
        .hasMessageNotContaining("\n");
  }

  @Test
  void an_empty_or_missing_file_is_refused() throws IOException {
    Path empty = file("\n");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, empty))
        .hasMessageContaining("holds no problem");
    assertThatThrownBy(() -> ProblemFiles.read(Layout.GSM8K, folder.resolve("none.jsonl")))
        .hasMessageContaining("does not exist");
  }
}
