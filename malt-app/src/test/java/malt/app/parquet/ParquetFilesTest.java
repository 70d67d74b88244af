package malt.app.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.MalformedDataException;
import malt.MaltException;
import malt.problem.CustomFile;
import malt.problem.Layout;
import malt.problem.Problem;
import malt.problem.RowSource;
import malt.problem.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFilesTest {
  private static final CustomFile FIELDS = new CustomFile("q", "a", "options");
  private static final String CHOICES = "STRUCT(\"label\" VARCHAR[], \"text\" VARCHAR[])";

  @TempDir private Path folder;

  /** The same rows as JSON lines and as Parquet, {@code test.jsonl} and {@code test.parquet}. */
  private Path parquet(String rows, String... columns) throws IOException {
    Path lines = Files.writeString(folder.resolve("test.jsonl"), rows);
    Map<String, String> types = new LinkedHashMap<>();
    for (int i = 0; i < columns.length; i += 2) {
      types.put(columns[i], columns[i + 1]);
    }
    Path file = folder.resolve("test.parquet");
    ParquetFiles.write(lines, types, file);
    return file;
  }

  private static List<Problem> read(Layout layout, Path file) {
    return layout.read(file, FIELDS, ParquetFiles.source()).problems();
  }

  private void assertSameAsLines(Layout layout, Path parquet, int count) {
    List<Problem> problems = read(layout, parquet);
    assertThat(problems).hasSize(count).isEqualTo(read(layout, folder.resolve("test.jsonl")));
  }

  @Test
  void hugging_faces_gsm8k_is_read_as_its_lines() throws IOException {
    Path file =
        parquet(
            """
            {"question":"Natalia's 48 clips?\\n\\"How many?\\"","answer":"48/2 = <<48/2=24>>24\\n#### 1,072"}
            {"question":"\\u00fcber \\u20ac5","answer":"#### -3"}
            """,
            "question",
            "VARCHAR",
            "answer",
            "VARCHAR");
    assertSameAsLines(Layout.GSM8K, file, 2);
    assertThat(read(Layout.GSM8K, file).get(0))
        .isEqualTo(new Problem("test-00001", "Natalia's 48 clips?\n\"How many?\"", "1,072"));
  }

  @Test
  void hugging_faces_math_is_read_as_its_lines() throws IOException {
    Path file =
        parquet(
            """
            {"problem":"What is $\\\\sqrt{4}$?","level":"Level 1","type":"Algebra","solution":"$\\\\boxed{2}$"}
            """,
            "problem", "VARCHAR", "level", "VARCHAR", "type", "VARCHAR", "solution", "VARCHAR");
    assertSameAsLines(Layout.MATH, file, 1);
  }

  @Test
  void hugging_faces_commonsense_qa_with_its_lists_is_read_as_its_lines() throws IOException {
    Path file =
        parquet(
            """
            {"id":"2024","question":"Where?","question_concept":"x","choices":\
            {"label":["A","B"],"text":["bank","zoo"]},"answerKey":"B"}
            """,
            "id",
            "VARCHAR",
            "question",
            "VARCHAR",
            "question_concept",
            "VARCHAR",
            "choices",
            CHOICES,
            "answerKey",
            "VARCHAR");
    assertSameAsLines(Layout.CSQA, file, 1);
    assertThat(read(Layout.CSQA, file))
        .containsExactly(new Problem("2024", "Where?\nA. bank\nB. zoo", "B. zoo"));
  }

  @Test
  void custom_rows_keep_their_numbers() throws IOException {
    Path file =
        parquet(
            "{\"q\":\"Which?\",\"a\":1,\"options\":[\"one\",\"two\"]}\n",
            "q",
            "VARCHAR",
            "a",
            "BIGINT",
            "options",
            "VARCHAR[]");
    assertSameAsLines(Layout.CUSTOM, file, 1);
    assertThat(read(Layout.CUSTOM, file).get(0).answer()).isEqualTo("B. two");
  }

  @Test
  void the_real_gsm8k_comes_back_whole_and_in_order() throws IOException {
    String lines = Files.readString(SharedData.file("gsm8k/test.jsonl"));
    assertSameAsLines(
        Layout.GSM8K, parquet(lines, "question", "VARCHAR", "answer", "VARCHAR"), 1_319);
  }

  @Test
  void what_is_wrong_with_a_row_is_named_with_its_file_and_row() throws IOException {
    Path file =
        parquet(
            "{\"question\":\"a?\",\"answer\":\"#### 1\"}\n{\"question\":\"b?\"}\n",
            "question",
            "VARCHAR",
            "answer",
            "VARCHAR");
    assertThatThrownBy(() -> read(Layout.GSM8K, file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(file + ":2 lacks the text field \"answer\"");
  }

  @Test
  void a_file_that_is_no_parquet_is_one_sentence() throws IOException {
    Path file = Files.writeString(folder.resolve("it's.parquet"), "not parquet");
    RowSource source = ParquetFiles.source();
    assertThatThrownBy(() -> source.rows(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageStartingWith(file + " is not a Parquet file that can be read: ");
    assertThatThrownBy(() -> source.rows(folder.resolve("none.parquet")))
        .hasMessage(folder.resolve("none.parquet") + " does not exist");
  }

  @Test
  void a_row_of_another_type_is_an_error_and_leaves_no_file() throws IOException {
    assertThatThrownBy(() -> parquet("{\"a\":\"x\"}\n", "a", "BIGINT"))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining("cannot write " + folder.resolve("test.parquet"));
    assertThat(folder.resolve("test.parquet")).doesNotExist();
  }
}
